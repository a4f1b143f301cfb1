package org.beamtemplates.benchmarks.speed;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.beamtemplates.benchmarks.CpuCost;
import org.beamtemplates.benchmarks.ProcessCpu;
import org.beamtemplates.services.ParentGuard;

/** A job of an engine in a JVM of its own, which ends with this one. */
public final class EngineProcess {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** An engine that has not read or found anything more for so long has nothing more to come. */
  private static final long STILL_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int SAID_LINES = 20;

  private final Path repository;
  private final Engines engine;
  private final Job job;

  /** A job in a checkout; its folder is a new one. */
  public EngineProcess(Path repository, Engines engine, Job job) {
    this.repository = repository;
    this.engine = engine;
    this.job = job;
  }

  /**
   * Runs the job until it has found what is expected of it.
   *
   * @throws IllegalStateException if it has found something else, or has stopped
   */
  public Measured run(Expected expected) {
    return run(expected, (records, threads) -> {});
  }

  /** Sees how a job goes on, some 20 times a second. */
  @FunctionalInterface
  public interface Watcher {

    /**
     * Sees it.
     *
     * @param records read so far
     * @param threads what each thread has used so far, a second ago at most
     */
    void see(long records, ThreadTimes threads);
  }

  /**
   * Runs the job, watched, until it has found what is expected of it.
   *
   * @throws IllegalStateException if it has found something else, or has stopped
   */
  public Measured run(Expected expected, Watcher watcher) {
    Seen seen = watched(expected, watcher);
    return new Measured(
        seen.cost().microsPerRecord(),
        seen.cost().recordsPerSecond(),
        seen.firstResult(),
        seen.latencies(),
        seen.count());
  }

  /** Does the same, for a job that may be too short to be measured; returns what it has found. */
  Tally.Count check(Expected expected) {
    return watched(expected, (records, threads) -> {}).count();
  }

  private record Seen(
      CpuCost cost, Duration firstResult, Latencies.Seen latencies, Tally.Count count) {}

  private Seen watched(Expected expected, Watcher watcher) {
    try {
      Files.createDirectories(job.folder());
      Path tally = job.folder().resolve("tally");
      Process process =
          new ProcessBuilder(ParentGuard.guarded(command(tally), job.folder()))
              .redirectErrorStream(true)
              .redirectOutput(job.folder().resolve("engine.out").toFile())
              .start();
      try {
        return watch(process, tally, expected, watcher);
      } finally {
        process.destroyForcibly();
        process.onExit().join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run " + engine + " in " + job.folder(), e);
    }
  }

  private Seen watch(Process process, Path tally, Expected expected, Watcher watcher) {
    ProcessCpu cpu = new ProcessCpu(process.toHandle());
    CpuCost cost = new CpuCost(job.records());
    long began = System.nanoTime();
    long changed = began;
    long firstResult = 0;
    Tally.Count count = new Tally.Count(0, 0, 0);
    while (!expected.isReached(count)) {
      LockSupport.parkNanos(EVERY_NANOS);
      long now = System.nanoTime();
      Duration used = cpu.used();
      Tally.Count next = read(tally);
      if (!next.equals(count)) {
        changed = now;
      }
      count = next;
      if (firstResult == 0 && count.results() > 0) {
        firstResult = now - began;
      }
      cost.add(new CpuCost.Sample(count.records(), used, Duration.ofNanos(now - began)));
      watcher.see(count.records(), ThreadTimes.read(EngineMain.threads(tally)));
      if (!process.isAlive() || now - changed > STILL_NANOS) {
        throw new IllegalStateException(
            "%s has stopped at %s where %s is expected; see %s. It said:%n%s"
                .formatted(engine, count, expected, job.folder(), said()));
      }
    }
    expected.require(engine.title(), count);
    return new Seen(cost, Duration.ofNanos(firstResult), latencies(tally), count);
  }

  private String said() {
    try (Stream<String> lines = Files.lines(job.folder().resolve("engine.out"))) {
      return lines.limit(SAID_LINES).collect(joining("\n"));
    } catch (IOException e) {
      return "nothing that can be read: " + e.getMessage();
    }
  }

  private static Tally.Count read(Path tally) {
    return line(tally, 0).map(Tally.Count::parse).orElse(new Tally.Count(0, 0, 0));
  }

  private static Latencies.Seen latencies(Path tally) {
    return line(tally, 1).map(Latencies.Seen::parse).orElse(Latencies.Seen.NOTHING);
  }

  private static Optional<String> line(Path tally, int number) {
    try {
      return Files.exists(tally)
          ? Optional.of(Files.readAllLines(tally).get(number))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + tally, e);
    }
  }

  private List<String> command(Path tally) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The same flags for all engines.
    command.add("@" + repository.resolve("runner-configs/flink/jvm.options"));
    command.add("-Dbeamtemplates.home=" + repository);
    command.add("-Dbeamtemplates.log=" + job.folder().resolve("engine.log"));
    command.add("-cp");
    command.add(classPath());
    command.add(EngineMain.class.getName());
    command.addAll(EngineMain.arguments(engine, job, tally));
    return command;
  }

  /**
   * Flink and Kafka Streams bring a RocksDB each, in classes of the same names: an engine has one.
   */
  private String classPath() {
    String foreign = engine == Engines.STREAMS ? "frocksdbjni-" : "rocksdbjni-";
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(foreign))
        .collect(joining(File.pathSeparator));
  }
}
