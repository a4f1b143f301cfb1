package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.time.Duration;
import java.util.List;
import org.apache.avro.Schema;
import org.beamtemplates.pipelines.realtimeanalytics.PageStatisticsTable;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.transforms.demo.Demo;
import org.beamtemplates.transforms.demo.DemoServices;
import org.beamtemplates.transforms.demo.Mix;
import org.beamtemplates.transforms.demo.MixedTraffic;
import org.beamtemplates.transforms.demo.ResultTable;
import org.beamtemplates.transforms.demo.Senders;
import org.beamtemplates.transforms.demo.Timing;
import org.beamtemplates.transforms.demo.Traffic;
import org.beamtemplates.transforms.demo.Workload;

/** Shows real-time analytics with the page views of a shop. */
public final class RealtimeAnalyticsDemo implements Demo {

  private static final String TOPIC = "page-events";
  private static final int PARTITIONS = 4;
  private static final int VISITORS = 20_000;
  private static final double VISITOR_SKEW = 0.8;

  static final Timing TIMING =
      new Timing(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(2));

  private final StatisticsTable table = new StatisticsTable(PageStatisticsTable.DEFAULT_NAME);

  @Override
  public String template() {
    return RealtimeAnalytics.NAME;
  }

  @Override
  public String inputTopic() {
    return TOPIC;
  }

  @Override
  public String deadLetterTopic() {
    return TOPIC + ".dead-letters";
  }

  @Override
  public int partitions() {
    return PARTITIONS;
  }

  @Override
  public List<String> schemas() {
    return PageSchemas.versions().stream().map(Schema::toString).toList();
  }

  @Override
  public String createTable() {
    return table.create();
  }

  @Override
  public List<String> options(DemoServices services) {
    return List.of(
        "--bootstrapServers=" + services.bootstrapServers(),
        "--registryUrl=" + services.registryUrl(),
        "--inputTopic=" + inputTopic(),
        "--startFrom=earliest",
        "--deadLetterTopic=" + deadLetterTopic(),
        "--maxDelay=" + TIMING.maxDelay().toSeconds() + "s",
        "--windowSize=" + TIMING.windowSize().toSeconds() + "s",
        "--allowedLateness=" + TIMING.allowedLateness().toSeconds() + "s",
        // Of the clock: a window lasts 3 s by it.
        "--earlyResultsEvery=1s",
        "--outputJdbcUrl=" + services.jdbcUrl(),
        "--jdbcUser=" + services.jdbcUser(),
        "--outputTable=" + table.name());
  }

  @Override
  public Traffic traffic(Workload workload, List<Integer> schemaIds) {
    Senders visitors = Senders.zipf("user-", VISITORS, VISITOR_SKEW, workload.partitions());
    PageEventModel model = PageEventModel.of(workload, visitors, TIMING.windowSize(), schemaIds);
    return MixedTraffic.of(workload, Mix.DEFAULT, TIMING, visitors, model);
  }

  @Override
  public ResultTable results() {
    return table;
  }
}
