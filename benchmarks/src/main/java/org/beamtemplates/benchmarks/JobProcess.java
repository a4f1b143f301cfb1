package org.beamtemplates.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.beamtemplates.benchmarks.analytics.NativeAnalytics;
import org.beamtemplates.benchmarks.analytics.ReadCount;
import org.beamtemplates.services.ParentGuard;
import org.beamtemplates.transforms.launch.JobStatus;

/**
 * A job on embedded Flink, with the shipped options, in a JVM of its own that ends with this one.
 */
final class JobProcess {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Path repository;
  private final Path folder;

  /**
   * Jobs of a checkout.
   *
   * @param folder for what they leave; a new one for each
   */
  JobProcess(Path repository, Path folder) {
    this.repository = repository;
    this.folder = folder;
  }

  /**
   * Runs a template until it has read all of its records, and returns what one has cost.
   *
   * @param main class with the main method of a template
   * @param options of the template
   * @param stage whose records are counted
   * @param records how many there are
   */
  double microsPerRecord(Class<?> main, List<String> options, String stage, long records) {
    return template(main, options, stage, records, () -> {}).microsPerRecord();
  }

  /**
   * Runs a template until it has read all of its records, and tells what they have cost.
   *
   * @param then is done before the job is ended
   */
  CpuCost template(Class<?> main, List<String> options, String stage, long records, Runnable then) {
    Path status = folder.resolve("status.json");
    List<String> jvm = List.of("-D" + JobStatus.PROPERTY + "=" + status);
    List<String> arguments = new ArrayList<>();
    arguments.add("@" + flink().resolve("flink.options"));
    arguments.add("--stateBackendStoragePath=" + checkpoints().toUri());
    arguments.addAll(options);
    return run(
        command(jvm, main, arguments),
        () -> JobStatus.read(status).map(told -> in(told, stage)).orElse(0L),
        records,
        then);
  }

  /** Does the same with the job that is written for Flink itself. */
  CpuCost nativeAnalytics(List<String> options, long records, Runnable then) {
    Path read = folder.resolve("read");
    List<String> arguments = new ArrayList<>(options);
    arguments.add("--read=" + read);
    arguments.add("--checkpoints=" + checkpoints());
    return run(
        command(List.of(), NativeAnalytics.class, arguments),
        () -> ReadCount.told(read),
        records,
        then);
  }

  private CpuCost run(List<String> command, LongSupplier read, long records, Runnable then) {
    try {
      Files.createDirectories(folder);
      Process process =
          new ProcessBuilder(ParentGuard.guarded(command, folder))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("job.out").toFile())
              .start();
      try {
        CpuCost cost = watch(process, read, records);
        then.run();
        return cost;
      } finally {
        process.destroyForcibly();
        process.onExit().join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run a job in " + folder, e);
    }
  }

  private CpuCost watch(Process process, LongSupplier count, long records) {
    CpuCost cost = new CpuCost(records);
    ProcessCpu cpu = new ProcessCpu(process.toHandle());
    long began = System.nanoTime();
    long deadline = began + PATIENCE.toNanos();
    long read = 0;
    while (read < records) {
      LockSupport.parkNanos(EVERY_NANOS);
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The job has read " + read + " of " + records + " records; see " + folder);
      }
      Duration used = cpu.used();
      read = count.getAsLong();
      cost.add(new CpuCost.Sample(read, used, Duration.ofNanos(System.nanoTime() - began)));
    }
    return cost;
  }

  private static long in(JobStatus status, String stage) {
    return status.stages().stream()
        .filter(counted -> counted.stage().equals(stage))
        .mapToLong(JobStatus.Stage::in)
        .findFirst()
        .orElse(0);
  }

  /** The same flags for all jobs. */
  private List<String> command(List<String> jvm, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + flink().resolve("jvm.options"));
    command.addAll(jvm);
    command.add("-Dbeamtemplates.log=" + folder.resolve("job.log"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  private Path flink() {
    return repository.resolve("runner-configs/flink");
  }

  private Path checkpoints() {
    return folder.resolve("checkpoints");
  }
}
