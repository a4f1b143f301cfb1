package org.beamtemplates.pipelines.realtimeanalytics;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;

/**
 * Combines page events into statistics, without key and window. This is the part to replace to
 * compute something else.
 */
final class PageStatisticsFn extends CombineFn<PageEvent, PageAccumulator, PageStatistics> {

  private static final long serialVersionUID = 1L;

  private final int topPages;

  PageStatisticsFn(int topPages) {
    this.topPages = topPages;
  }

  @Override
  public PageAccumulator createAccumulator() {
    return new PageAccumulator();
  }

  @Override
  public PageAccumulator addInput(PageAccumulator accumulator, PageEvent event) {
    accumulator.add(event);
    return accumulator;
  }

  @Override
  public PageAccumulator mergeAccumulators(Iterable<PageAccumulator> accumulators) {
    // Merged into a new one: those handed in may be kept by the runner.
    PageAccumulator merged = new PageAccumulator();
    accumulators.forEach(merged::merge);
    return merged;
  }

  @Override
  public PageStatistics extractOutput(PageAccumulator accumulator) {
    return accumulator.toStatistics(topPages);
  }

  @Override
  public Coder<PageAccumulator> getAccumulatorCoder(
      CoderRegistry registry, Coder<PageEvent> inputCoder) {
    return new PageAccumulatorCoder();
  }

  @Override
  public Coder<PageStatistics> getDefaultOutputCoder(
      CoderRegistry registry, Coder<PageEvent> inputCoder) {
    return AvroCoder.of(PageStatistics.class);
  }
}
