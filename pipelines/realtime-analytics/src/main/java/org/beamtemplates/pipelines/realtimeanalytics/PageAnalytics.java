package org.beamtemplates.pipelines.realtimeanalytics;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.Deduplication;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The heart of the template, free of IO: page events to statistics per window, category and
 * country.
 *
 * <p>In: {@code PCollection<IngestedBatch<PageEvent>>}, in any windows. Out: {@code
 * PCollection<PageStatistics>}, one for every pane; those of one window, category and country
 * replace each other, the highest revision counts. Duplicates are removed by event id; events that
 * come after the allowed lateness become dead letters of category LATE, stage {@value #STAGE}.
 *
 * <p>Cost: two shuffles; a flag and a timer per event for the length of a window plus the allowed
 * lateness; a few KB per open window, category and country.
 */
public final class PageAnalytics
    extends PTransform<PCollection<IngestedBatch<PageEvent>>, PCollection<PageStatistics>> {

  private static final long serialVersionUID = 1L;

  /** Name of the stage whose late events become dead letters. */
  public static final String STAGE = "aggregate";

  private final Duration windowSize;
  private final Duration allowedLateness;
  private final @Nullable Duration earlyEvery;
  private final int topPages;
  private final int buckets;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private PageAnalytics(
      Duration windowSize,
      Duration allowedLateness,
      @Nullable Duration earlyEvery,
      int topPages,
      int buckets,
      @Nullable DeadLetters deadLetters) {
    this.windowSize = requireNonNull(windowSize, "windowSize");
    this.allowedLateness = requireNonNull(allowedLateness, "allowedLateness");
    this.earlyEvery = earlyEvery;
    this.topPages = topPages;
    this.buckets = buckets;
    this.deadLetters = deadLetters;
  }

  /** Statistics of fixed windows, without early results and lateness, with the 10 top pages. */
  public static PageAnalytics per(Duration windowSize) {
    return new PageAnalytics(windowSize, Duration.ZERO, null, 10, Buckets.DEFAULT_COUNT, null);
  }

  /** How long after its end a window still takes events. */
  public PageAnalytics withAllowedLateness(Duration lateness) {
    return new PageAnalytics(windowSize, lateness, earlyEvery, topPages, buckets, deadLetters);
  }

  /** Gives early results of open windows this often, in processing time; zero for none. */
  public PageAnalytics withEarlyResultsEvery(Duration every) {
    return new PageAnalytics(
        windowSize, allowedLateness, every.isZero() ? null : every, topPages, buckets, deadLetters);
  }

  /** How many of the most viewed pages a result names. */
  public PageAnalytics withTopPages(int count) {
    return new PageAnalytics(windowSize, allowedLateness, earlyEvery, count, buckets, deadLetters);
  }

  /** How many buckets ids and keys are divided among, where they are kept so. */
  public PageAnalytics withBuckets(int count) {
    return new PageAnalytics(windowSize, allowedLateness, earlyEvery, topPages, count, deadLetters);
  }

  /** Where events go that come too late. Required. */
  public PageAnalytics withDeadLetters(DeadLetters handler) {
    return new PageAnalytics(windowSize, allowedLateness, earlyEvery, topPages, buckets, handler);
  }

  @Override
  public PCollection<PageStatistics> expand(PCollection<IngestedBatch<PageEvent>> events) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: late events would be lost");

    // 1. One event, one count: remembered until every window it belongs to is closed.
    PCollection<IngestedBatch<PageEvent>> unique =
        events.apply(
            "Deduplicate",
            Deduplication.by(PageEvent::getEventId, windowSize.plus(allowedLateness))
                .withBuckets(buckets)
                .ofBatches());

    // 2. Statistics of every category and country in every window.
    Aggregated<KV<String, String>, PageEvent, PageStatistics> aggregated =
        unique.apply("Aggregate", aggregation().combiningBatches(new PageStatisticsFn(topPages)));

    // 3. What was too late is kept; what was in time is named by its key and window.
    return aggregated
        .lateTo(handler, Encoders.json(PageEvent.class))
        .apply("Complete", ParDo.of(new CompleteFn()))
        .setCoder(AvroCoder.of(PageStatistics.class));
  }

  private WindowedAggregation<KV<String, String>, PageEvent> aggregation() {
    WindowedAggregation<KV<String, String>, PageEvent> aggregation =
        WindowedAggregation.by(
                (PageEvent event) -> KV.of(event.getCategory(), event.getCountry()),
                KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()))
            .inFixedWindows(windowSize)
            .withAllowedLateness(allowedLateness)
            .accumulating()
            .withBuckets(buckets)
            .named(STAGE);
    return earlyEvery == null ? aggregation : aggregation.withEarlyResultsEvery(earlyEvery);
  }

  /** Writes key, window and pane into a copy of the statistics. */
  private static final class CompleteFn
      extends DoFn<WindowResult<KV<String, String>, PageStatistics>, PageStatistics> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element WindowResult<KV<String, String>, PageStatistics> result,
        OutputReceiver<PageStatistics> output) {
      output.output(
          PageStatistics.newBuilder(result.value())
              .setWindowStartMs(result.windowStartMillis())
              .setWindowEndMs(result.windowEndMillis())
              .setCategory(result.key().getKey())
              .setCountry(result.key().getValue())
              .setTiming(result.timing().name())
              .setRevision(result.revision())
              .build());
    }
  }
}
