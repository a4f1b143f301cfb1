package org.beamtemplates.pipelines.realtimeanalytics;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;
import org.beamtemplates.transforms.record.IngestedBatch;

/**
 * Page events in, statistics per window, category and country out: events, distinct users, load
 * times, revenue, top pages.
 *
 * <pre>
 * topic or files → decode, validate → deduplicate → aggregate in windows → topic, files or table
 *                        │                                │ late                │
 *                        └────────────── dead letters ────┴─────────────────────┘
 * </pre>
 */
public final class RealtimeAnalytics implements Template<RealtimeAnalyticsOptions> {

  /** Name of the template. */
  public static final String NAME = "realtime-analytics";

  /** Version of the template that is written into its dead letters. */
  static final String VERSION = "0.1.0";

  /** Launches the template. */
  public static void main(String[] args) {
    Launcher.main(new RealtimeAnalytics(), args);
  }

  @Override
  public void build(Pipeline pipeline, RealtimeAnalyticsOptions options) {
    Sources sources = new Sources(options);
    Sinks sinks = new Sinks(options);
    try (DeadLetters deadLetters = sinks.deadLetters(NAME, VERSION)) {

      // 1. Events, each with its event time and where it came from.
      PCollection<IngestedBatch<PageEvent>> events =
          pipeline.apply("Ingest", sources.events(deadLetters));

      // 2. Statistics per window, category and country.
      PCollection<PageStatistics> statistics =
          events.apply(
              "Analyse",
              PageAnalytics.per(Durations.parse(options.getWindowSize()))
                  .withAllowedLateness(Durations.parse(options.getAllowedLateness()))
                  .withEarlyResultsEvery(Durations.parse(options.getEarlyResultsEvery()))
                  .withTopPages(options.getTopPages())
                  .withBuckets(options.getBuckets())
                  .withDeadLetters(deadLetters));

      // 3. Out.
      statistics.apply("Deliver", sinks.results(deadLetters));
    }
  }

  @Override
  public void validate(RealtimeAnalyticsOptions options, Problems problems) {
    Preconditions.validate(options, problems);
  }

  @Override
  public void preflight(RealtimeAnalyticsOptions options, Problems problems) {
    Preconditions.preflight(options, problems);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Page events to statistics per window, category and country";
  }

  @Override
  public Class<RealtimeAnalyticsOptions> optionsClass() {
    return RealtimeAnalyticsOptions.class;
  }

  @Override
  public List<String> resultKey() {
    return List.of("windowStartMs", "windowEndMs", "category", "country");
  }
}
