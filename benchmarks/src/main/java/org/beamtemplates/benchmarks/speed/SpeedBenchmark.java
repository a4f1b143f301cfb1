package org.beamtemplates.benchmarks.speed;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.utils.AppInfoParser;
import org.beamtemplates.benchmarks.speed.Job.Source;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.ScratchFolder;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The same work by the library on Flink, by native Flink, by Kafka Streams and by a plain loop.
 *
 * <p>Each engine does a job alone, in a JVM of its own, and must find what the loop finds. The
 * broker is in this JVM and does not count.
 */
@Command(
    name = "speed",
    description = {
      "Compares the library on Flink with native Flink, Kafka Streams and a plain loop.",
      "Every engine does the same work on the same bytes and must come to the same results; what "
          + "is compared is processor time a record in the steady state."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class SpeedBenchmark implements Callable<Integer> {

  private static final int ROUNDS = 3;
  private static final int QUICK_ROUNDS = 2;
  private static final String DOCS = "docs/benchmarks.md";
  private static final String CHART = "docs/benchmarks.svg";

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "W1, W3 and W6 from memory and W1 from Kafka: some 8 minutes. The default.")
  private boolean quick;

  @Option(
      names = "--full",
      description = {
        "All workloads, from memory and from Kafka, on the heap and in RocksDB: two hours.",
        "Writes the tables into " + DOCS + " and the chart to " + CHART + "."
      })
  private boolean full;

  @Option(names = "--workloads", split = ",", description = "Only these: ${COMPLETION-CANDIDATES}.")
  private Set<Workload> workloads = EnumSet.noneOf(Workload.class);

  @Option(
      names = "--sources",
      split = ",",
      description = "Only payments from there: ${COMPLETION-CANDIDATES}.")
  private Set<Source> sources = EnumSet.noneOf(Source.class);

  @Option(
      names = "--states",
      split = ",",
      description = "Only with state there: ${COMPLETION-CANDIDATES}.")
  private Set<State> states = EnumSet.noneOf(State.class);

  @Option(
      names = "--engines",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES}. Ratios need BEAM.")
  private Set<Engines> engines = EnumSet.noneOf(Engines.class);

  @Option(
      names = "--rounds",
      description =
          "How often each engine does each job (default: "
              + QUICK_ROUNDS
              + ", with --full "
              + ROUNDS
              + ").")
  private @Nullable Integer givenRounds;

  private int rounds;

  @Option(
      names = "--records",
      description =
          "Payments of a job (default: by workload, 6 to 12 million, without --full half of it).")
  private long records;

  @Option(
      names = "--parallelism",
      description = "Of each engine (default: ${DEFAULT-VALUE}). From memory it is always 1.")
  private int parallelism = 1;

  private Path home;
  private final List<String> failures = new ArrayList<>();
  private Path folder;
  private int jobs;

  /** Runs the benchmark as {@code ./templates bench}, and ends the JVM. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new SpeedBenchmark()).setCommandName("./templates bench").execute(args));
  }

  @Override
  public Integer call() throws IOException {
    rounds = givenRounds == null ? (full ? ROUNDS : QUICK_ROUNDS) : givenRounds;
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds is " + rounds + ", but one round is needed at least.");
    }
    if (quick && full) {
      throw new ParameterException(
          spec.commandLine(), "--quick and --full exclude each other: leave one of them out.");
    }
    home = Path.of(System.getProperty("beamtemplates.home", "")).toAbsolutePath();
    Set<Cell> cells = cells();
    if (cells.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "None of the cells that were asked for is part of this extent.");
    }
    Results results = new Results();
    try (ScratchFolder scratch = ScratchFolder.create("speed");
        Kafka kafka = new Kafka()) {
      folder = scratch.path();
      for (Cell cell : cells) {
        measure(cell, kafka, results);
      }
    }
    report(results);
    if (!failures.isEmpty()) {
      say("Not all results are as they must be:\n%s", String.join("\n", failures));
      return 1;
    }
    say("All engines found the same results everywhere.");
    return 0;
  }

  private Set<Cell> cells() {
    Set<Cell> cells = new LinkedHashSet<>();
    for (State state : State.values()) {
      for (Source source : Source.values()) {
        for (Workload workload : Workload.values()) {
          Cell cell = new Cell(workload, source, state);
          if (isAsked(cell) && (full || isChosen() || isQuick(cell))) {
            cells.add(cell);
          }
        }
      }
    }
    return cells;
  }

  private boolean isChosen() {
    return !workloads.isEmpty() || !sources.isEmpty() || !states.isEmpty();
  }

  private boolean isAsked(Cell cell) {
    return contains(workloads, cell.workload())
        && contains(sources, cell.source())
        && contains(states, cell.state())
        // Without state, and from Kafka, RocksDB says nothing new.
        && (cell.state() == State.HEAP
            || (cell.workload() != Workload.W3 && cell.source() == Source.MEMORY));
  }

  private static <T> boolean contains(Set<T> chosen, T one) {
    return chosen.isEmpty() || chosen.contains(one);
  }

  private static boolean isQuick(Cell cell) {
    return cell.state() == State.HEAP
        && switch (cell.workload()) {
          case W1 -> true;
          case W3, W6 -> cell.source() == Source.MEMORY;
          case W2, W4, W5 -> false;
        };
  }

  private void measure(Cell cell, Kafka kafka, Results results) throws IOException {
    long count = records > 0 ? records : recordsOf(cell);
    say("%s %s, %s: %,d payments", cell.workload(), cell.workload().title(), cell.place(), count);
    Expected expected = Expected.of(cell.workload(), PaymentData.of(cell.workload().keys(), count));
    List<Engines> taking = new ArrayList<>();
    for (Engines engine : Engines.values()) {
      if (contains(engines, engine) && engine.engine().does(job(cell, count, "", ""))) {
        taking.add(engine);
      }
    }
    say("  to be found: %,d results, checksum %x", expected.results(), expected.checksum());
    for (int round = 1; round <= rounds; round++) {
      for (Engines engine : taking) {
        Job job =
            cell.source() == Source.MEMORY
                ? job(cell, count, "", "")
                : job(cell, count, kafka.servers(), kafka.topic(cell.workload().keys(), count));
        Measured measured;
        try {
          measured = new EngineProcess(home, engine, job).run(expected);
        } catch (IllegalStateException e) {
          // The others are still worth to be compared; the run as a whole has failed.
          failures.add(cell + ": " + e.getMessage());
          say("  round %d  %-30s FAILED: %s", round, engine.title(), e.getMessage());
          continue;
        }
        results.add(cell, engine, measured);
        say(
            "  round %d  %-30s %6.2f µs  %,.0f records/s",
            round, engine.title(), measured.microsPerRecord(), measured.recordsPerSecond());
      }
      // The first of a round finds another machine than the last.
      Collections.reverse(taking);
    }
  }

  /**
   * Enough for ten seconds or more of most engines; three quarters of it if it is to be quick: with
   * half of it, compilers are still at work when measuring begins, and longer for more code.
   */
  private long recordsOf(Cell cell) {
    long enough =
        switch (cell.workload()) {
          case W2, W3 -> 12_000_000;
          case W1, W6 -> 8_000_000;
          case W4, W5 -> 6_000_000;
        };
    return full ? enough : enough * 3 / 4;
  }

  private Job job(Cell cell, long count, String servers, String topic) {
    int subtasks = cell.source() == Source.MEMORY ? 1 : parallelism;
    return new Job(
        cell.workload(),
        cell.source(),
        cell.state(),
        count,
        subtasks,
        servers,
        topic,
        folder.resolve("job-" + jobs++));
  }

  private void report(Results results) throws IOException {
    String table = new SpeedTable(results).text();
    String text = setting() + "\n" + table;
    out().println("\n" + text);
    if (full && !isChosen() && engines.isEmpty()) {
      Files.writeString(home.resolve(CHART), new SpeedChart(results).svg());
      GeneratedPart.SPEED.write(home.resolve(DOCS), text);
      say("Written: %s, %s", DOCS, CHART);
    } else {
      Path page = home.resolve("target/benchmarks/speed.md");
      Path chart = page.resolveSibling("speed.svg");
      Files.createDirectories(page.getParent());
      Files.writeString(page, text);
      Files.writeString(chart, new SpeedChart(results).svg());
      say("Written: %s, %s", home.relativize(page), home.relativize(chart));
    }
  }

  private String setting() {
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    return """
        `./templates bench%s`, %s: %d cores (%s), Java %s, Beam %s, Flink %s, Kafka %s; rounds in turns: %d, parallelism %d.
        """
        .formatted(
            arguments.stream().map(argument -> " " + argument).collect(joining()),
            LocalDate.now(ZoneId.of("UTC")),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.arch"),
            Runtime.version(),
            ReleaseInfo.getReleaseInfo().getVersion(),
            EnvironmentInformation.getVersion(),
            AppInfoParser.getVersion(),
            rounds,
            parallelism);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void say(String format, Object... arguments) {
    out().println(String.format(Locale.ROOT, format, arguments));
    out().flush();
  }

  /** A broker that is only started if it is needed. */
  private static final class Kafka implements AutoCloseable {

    private final Map<Long, PaymentTopics> topics = new HashMap<>();
    private Optional<LocalKafka> kafka = Optional.empty();

    String servers() {
      return started().bootstrapServers();
    }

    String topic(PaymentData.Keys keys, long count) {
      return topics.computeIfAbsent(count, unused -> new PaymentTopics(started())).of(keys, count);
    }

    private LocalKafka started() {
      if (kafka.isEmpty()) {
        kafka = Optional.of(LocalKafka.start());
      }
      return kafka.get();
    }

    @Override
    public void close() {
      kafka.ifPresent(LocalKafka::close);
    }
  }
}
