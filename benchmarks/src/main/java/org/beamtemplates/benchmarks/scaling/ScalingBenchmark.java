package org.beamtemplates.benchmarks.scaling;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.utils.AppInfoParser;
import org.beamtemplates.benchmarks.scaling.Trial.From;
import org.beamtemplates.benchmarks.speed.EngineProcess;
import org.beamtemplates.benchmarks.speed.Expected;
import org.beamtemplates.benchmarks.speed.Measured;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.PaymentTopics;
import org.beamtemplates.services.LocalKafka;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * One job after the other, each in a JVM of its own, and each with results that are held against
 * those of the plain loop. The broker is in this JVM and does not count.
 */
@Command(
    name = "scaling",
    description = {
      "How the cost of a record changes with parallelism, the number of keys, one hot key and state.",
      "Everything takes some 15 minutes, and writes the tables into " + ScalingBenchmark.DOCS + "."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ScalingBenchmark implements Callable<Integer> {

  static final String DOCS = "docs/scaling.md";

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "The ends of each scale only: some 6 minutes; writes target/benchmarks.")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      description = "Only these tables, the others stay: ${COMPLETION-CANDIDATES}.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--records",
      description =
          "Payments of a job (default: 6 million, from Kafka 4, with RocksDB 3); writes target, too.")
  private long records;

  private final Map<Trial, Outcome> outcomes = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private Path home;
  private Path folder;
  private int jobs;

  @Override
  public Integer call() throws IOException {
    if (records < 0) {
      throw new ParameterException(
          spec.commandLine(), "--records is " + records + ", but it must be positive.");
    }
    home = Path.of(System.getProperty("beamtemplates.home", "")).toAbsolutePath();
    folder = Files.createTempDirectory("beam-templates-scaling");
    Plan plan = new Plan(quick, records);
    try (LocalKafka kafka = LocalKafka.start()) {
      PaymentTopics topics = new PaymentTopics(kafka);
      for (Part part : parts) {
        for (Trial trial : plan.trials(part)) {
          measure(trial, kafka, topics);
        }
        // What is done stays, if the rest is broken off.
        report(part, new ScalingTable(plan, outcomes).text(part));
      }
    }
    if (!failures.isEmpty()) {
      say("Not all results are as they must be:\n%s", String.join("\n", failures));
      return 1;
    }
    say("All jobs found the results of the plain loop.");
    return 0;
  }

  private void measure(Trial trial, LocalKafka kafka, PaymentTopics topics) {
    Expected expected =
        Expected.of(trial.workload(), PaymentData.of(trial.keys(), trial.records()));
    Path place = folder.resolve("job-" + jobs++);
    EngineProcess process =
        new EngineProcess(
            home,
            trial.engine(),
            trial.job(
                trial.from() == From.MEMORY ? "" : kafka.bootstrapServers(),
                topic(trial, topics),
                place));
    JobWatch watch = new JobWatch(trial.records(), place);
    Measured measured;
    try {
      measured = process.run(expected, watch);
    } catch (IllegalStateException e) {
      // The others are still worth to be seen; the run as a whole has failed.
      failures.add(trial + ": " + e.getMessage());
      say("%s FAILED: %s", trial, e.getMessage());
      return;
    }
    outcomes.put(trial, watch.outcome(measured));
    say(
        "%-90s %6.2f µs  %,.0f records/s",
        trial, measured.microsPerRecord(), measured.recordsPerSecond());
  }

  private static String topic(Trial trial, PaymentTopics topics) {
    return switch (trial.from()) {
      case MEMORY -> "";
      case TOPIC_BY_CARD -> topics.of(trial.keys(), trial.records());
      case TOPIC_SPREAD -> topics.spread(trial.keys(), trial.records());
    };
  }

  private void report(Part part, String table) throws IOException {
    String text = "### %s\n\n%s\n%s".formatted(part.title(), table, setting());
    spec.commandLine().getOut().println("\n" + text);
    if (quick || records > 0) {
      Path page =
          home.resolve("target/benchmarks/scaling-%s.md".formatted(part).toLowerCase(Locale.ROOT));
      Files.createDirectories(page.getParent());
      Files.writeString(page, text);
      say("Written: %s", home.relativize(page));
    } else {
      part.place().write(home.resolve(DOCS), text);
      say("Written: %s", DOCS);
    }
  }

  private String setting() {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    return """
        `benchmarks/run%s`, %s: %d cores (%s), Java %s, Beam %s, Flink %s, Kafka %s; one job each.
        """
        .formatted(
            arguments.stream().map(argument -> " " + argument).collect(joining()),
            LocalDate.now(ZoneId.of("UTC")),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.arch"),
            Runtime.version(),
            ReleaseInfo.getReleaseInfo().getVersion(),
            EnvironmentInformation.getVersion(),
            AppInfoParser.getVersion());
  }

  private void say(String format, Object... arguments) {
    spec.commandLine().getOut().println(String.format(Locale.ROOT, format, arguments));
    spec.commandLine().getOut().flush();
  }
}
