package org.beamtemplates.benchmarks.analytics;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.beamtemplates.pipelines.realtimeanalytics.PageAggregate;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Adds each view to the sketches of its window, in place. */
final class StatisticsFunction
    implements AggregateFunction<PageView, PageAggregate, PageStatistics> {

  private static final long serialVersionUID = 1L;

  private final int topPages;
  private transient @Nullable PageEvent event;

  StatisticsFunction(int topPages) {
    this.topPages = topPages;
  }

  @Override
  public PageAggregate createAccumulator() {
    return new PageAggregate();
  }

  @Override
  public PageAggregate add(PageView view, PageAggregate aggregate) {
    if (event == null) {
      event = new PageEvent();
    }
    view.writeTo(event);
    aggregate.add(event);
    return aggregate;
  }

  @Override
  public PageStatistics getResult(PageAggregate aggregate) {
    return aggregate.toStatistics(topPages);
  }

  @Override
  public PageAggregate merge(PageAggregate one, PageAggregate other) {
    one.merge(other);
    return one;
  }
}
