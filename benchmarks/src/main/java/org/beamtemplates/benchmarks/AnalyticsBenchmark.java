package org.beamtemplates.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.demo.TrafficRecord.Kind;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A whole template against the same job written by hand for Flink: good events, 1 % broken ones and
 * 2 % duplicates, from a topic to topics.
 *
 * <p>Each job runs alone, in a JVM of its own, over a topic that is full before it starts. Nothing
 * is told before both have given the same results.
 */
@Command(
    name = "analytics",
    description = "What realtime-analytics costs against the same job written for Flink by hand.",
    mixinStandardHelpOptions = true)
final class AnalyticsBenchmark implements Callable<Integer> {

  private static final String STAGE = "ingest";
  private static final String INPUT = "mixed";
  private static final int PARTITIONS = 4;

  /** Longer than both take to see that a topic is idle, and than a bundle. */
  private static final Duration QUIET = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Spec private CommandSpec spec;

  @Option(
      names = "--records",
      description = "Records that each job reads (default: ${DEFAULT-VALUE}).")
  private int records = 3_000_000;

  @Option(names = "--rounds", description = "Pairs of jobs (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--rocksdb",
      description = "Keep state in RocksDB, in both jobs; not on the heap.")
  private boolean rocksdb;

  private Path folder;
  private LocalKafka kafka;
  private LocalSchemaRegistry registry;
  private Map<Kind, Long> sent;
  private int jobs;

  private record Run(CpuCost cost, AnalyticsResults results) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    folder = Files.createTempDirectory("beam-templates-benchmark");
    try (LocalKafka startedKafka = LocalKafka.start();
        LocalSchemaRegistry startedRegistry = LocalSchemaRegistry.start()) {
      kafka = startedKafka;
      registry = startedRegistry;
      sent = PageTopics.in(kafka, registry).mixed(INPUT, records);
      Ratio ratio = new Ratio("native Flink", "realtime-analytics");
      for (int round = 0; round < rounds; round++) {
        Run peer = nativeFlink();
        Run ours = template();
        requireSame(peer.results(), ours.results());
        ratio.add(peer.cost().microsPerRecord(), ours.cost().microsPerRecord());
        out.printf(
            Locale.ROOT,
            "round %d of %d: %,.0f and %,.0f records a second, %d equal results%n",
            round + 1,
            rounds,
            peer.cost().recordsPerSecond(),
            ours.cost().recordsPerSecond(),
            peer.results().size());
        out.flush();
      }
      out.println("\nAbove 1: the template is cheaper. " + compilers());
      out.println("\n| µs of CPU a record | first | second | ratio |\n|---|---|---|---|");
      out.println(ratio.row());
    }
    return 0;
  }

  private static String compilers() {
    return new ProcessCpu(ProcessHandle.current()).leavesOutCompilers()
        ? "The JVM's compilers are left out."
        : "The JVM's compilers are included: only Linux tells their threads from others.";
  }

  /**
   * The template closes the last windows when the topic is idle, by the clock; a native job closes
   * them with later events only: windows are compared that are closed in both.
   */
  private void requireSame(AnalyticsResults peer, AnalyticsResults ours) {
    require(ours.events() == sent.get(Kind.GOOD), ours.events() + " events, sent were " + sent);
    long closed = peer.newestEndMs();
    require(
        ours.newestEndMs() - closed <= Duration.ofMinutes(2).toMillis() && peer.size() > 0,
        "the native job has not closed its windows");
    ours.until(closed)
        .differenceTo(peer)
        .ifPresent(
            difference -> {
              throw new IllegalStateException("The jobs differ: " + difference);
            });
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException("The results are wrong: " + otherwise + "; see " + folder);
    }
  }

  private Run template() {
    String name = newTopics();
    List<String> options = options(name);
    options.add("--startFrom=earliest");
    options.add("--earlyResultsEvery=0s");
    if (rocksdb) {
      options.add("--stateBackend=rocksdb");
    }
    CpuCost cost =
        job().template(RealtimeAnalytics.class, options, STAGE, records, () -> awaitQuiet(name));
    return new Run(cost, results(name));
  }

  private Run nativeFlink() {
    String name = newTopics();
    List<String> options = options(name);
    options.add("--stateBackend=" + (rocksdb ? "rocksdb" : "hashmap"));
    CpuCost cost = job().nativeAnalytics(options, records, () -> awaitQuiet(name));
    return new Run(cost, results(name));
  }

  private List<String> options(String name) {
    return new ArrayList<>(
        List.of(
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--registryUrl=" + registry.url(),
            "--inputTopic=" + INPUT,
            "--outputTopic=" + name,
            "--deadLetterTopic=" + deadLetters(name)));
  }

  private String newTopics() {
    String name = "results-" + jobs;
    kafka.createTopic(name, PARTITIONS);
    kafka.createTopic(deadLetters(name), PARTITIONS);
    // The template looks for the subject when it is launched.
    registry.register(name + "-value", PageStatistics.getClassSchema().toString());
    return name;
  }

  private static String deadLetters(String name) {
    return name + ".dead-letters";
  }

  private JobProcess job() {
    return new JobProcess(
        Path.of(System.getProperty("beamtemplates.home", "")).toAbsolutePath(),
        folder.resolve("job-" + jobs++));
  }

  /** Waits until nothing more comes, and every broken record has its dead letter. */
  private void awaitQuiet(String name) {
    long broken = sent.getOrDefault(Kind.BROKEN, 0L);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long seen = -1;
    long next = written(name);
    while (next != seen || kafka.readAll(deadLetters(name)).size() < broken) {
      require(
          System.nanoTime() < deadline,
          kafka.readAll(deadLetters(name)).size() + " dead letters of " + broken);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(QUIET.toMillis()));
      seen = next;
      next = written(name);
    }
  }

  private long written(String name) {
    return kafka.readAll(name).size();
  }

  private AnalyticsResults results(String name) {
    long dead = kafka.readAll(deadLetters(name)).size();
    require(dead == sent.getOrDefault(Kind.BROKEN, 0L), dead + " dead letters, sent were " + sent);
    Decoder<PageStatistics> decoder =
        Decoders.confluentAvro(PageStatistics.class, SchemaRegistry.at(registry.url()));
    decoder.open();
    return AnalyticsResults.of(kafka.readAll(name), decoder);
  }
}
