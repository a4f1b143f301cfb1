package org.beamtemplates.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What dead letters cost: a stream of nothing but broken records against one of good ones, sinks
 * included; and a healthy stream with dead letters against one that is decoded without a guard.
 *
 * <p>Each job runs alone, in a JVM of its own, over a topic that is full before it starts. Kafka
 * and the registry are in this JVM or others, and do not count.
 */
@Command(
    name = "dead-letters",
    description =
        "What a storm of broken records costs, and what dead letters cost if none is broken.",
    mixinStandardHelpOptions = true)
final class DeadLetterBenchmark implements Callable<Integer> {

  private static final String STAGE = "ingest";
  private static final String GOOD = "good";
  private static final String BROKEN = "broken";

  @Spec private CommandSpec spec;

  @Option(
      names = "--records",
      description = "Records that each job reads (default: ${DEFAULT-VALUE}).")
  private int records = 3_000_000;

  @Option(names = "--rounds", description = "Pairs of jobs (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  private Path folder;
  private int jobs;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    folder = Files.createTempDirectory("beam-templates-benchmark");
    try (LocalKafka kafka = LocalKafka.start();
        LocalSchemaRegistry registry = LocalSchemaRegistry.start()) {
      PageTopics topics = PageTopics.in(kafka, registry);
      topics.good(GOOD, records);
      topics.broken(BROKEN, records);
      Ratio storm = new Ratio("realtime-analytics: all broken", "all good");
      Ratio stateless = new Ratio("read, decode, write: all broken", "all good");
      Ratio healthy = new Ratio("read, decode: with dead letters, none broken", "without a guard");
      for (int round = 0; round < rounds; round++) {
        storm.add(analyse(kafka, registry, BROKEN), analyse(kafka, registry, GOOD));
        stateless.add(passThrough(kafka, registry, BROKEN), passThrough(kafka, registry, GOOD));
        healthy.add(
            ingest(GuardedIngest.class, kafka, registry),
            ingest(BareIngest.class, kafka, registry));
        out.println("round " + (round + 1) + " of " + rounds);
        out.flush();
      }
      out.println("\n| µs of CPU a record | first | second | ratio |\n|---|---|---|---|");
      out.println(storm.row());
      out.println(stateless.row());
      out.println(healthy.row());
    }
    return 0;
  }

  /** The whole of a template: decode, deduplicate, aggregate, deliver. */
  private double analyse(LocalKafka kafka, LocalSchemaRegistry registry, String topic) {
    List<String> options = new ArrayList<>(sourceAndSinks(kafka, registry, topic));
    options.add("--startFrom=earliest");
    options.add("--outputEncoding=JSON");
    return job().microsPerRecord(RealtimeAnalytics.class, options, STAGE, records);
  }

  private double passThrough(LocalKafka kafka, LocalSchemaRegistry registry, String topic) {
    List<String> options = sourceAndSinks(kafka, registry, topic);
    return job().microsPerRecord(PassThrough.class, options, STAGE, records);
  }

  private List<String> sourceAndSinks(
      LocalKafka kafka, LocalSchemaRegistry registry, String topic) {
    String name = newTopic(kafka);
    kafka.createTopic(name + ".results", 4);
    registry.register(name + ".results-value", PageEvent.getClassSchema().toString());
    List<String> options = new ArrayList<>(source(kafka, registry, topic));
    options.add("--deadLetterTopic=" + name);
    options.add("--outputTopic=" + name + ".results");
    return options;
  }

  /** Reading and decoding alone, of good records. */
  private double ingest(Class<?> main, LocalKafka kafka, LocalSchemaRegistry registry) {
    List<String> options = new ArrayList<>(source(kafka, registry, GOOD));
    options.add("--deadLetterTopic=" + newTopic(kafka));
    return job().microsPerRecord(main, options, STAGE, records);
  }

  private String newTopic(LocalKafka kafka) {
    String name = "dead-letters-" + jobs;
    kafka.createTopic(name, 4);
    return name;
  }

  private JobProcess job() {
    return new JobProcess(
        Path.of(System.getProperty("beamtemplates.home", "")).toAbsolutePath(),
        folder.resolve("job-" + jobs++));
  }

  private static List<String> source(LocalKafka kafka, LocalSchemaRegistry registry, String topic) {
    return List.of(
        "--bootstrapServers=" + kafka.bootstrapServers(),
        "--registryUrl=" + registry.url(),
        "--inputTopic=" + topic);
  }
}
