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
   * Runs a job until it has read all of its records, and returns what one has cost.
   *
   * @param main class with the main method of a template
   * @param options of the template
   * @param stage whose records are counted
   * @param records how many there are
   */
  double microsPerRecord(Class<?> main, List<String> options, String stage, long records) {
    try {
      Files.createDirectories(folder);
      Path status = folder.resolve("status.json");
      Process process =
          new ProcessBuilder(ParentGuard.guarded(command(main, options, status), folder))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("job.out").toFile())
              .start();
      try {
        return watch(process, status, stage, records);
      } finally {
        process.destroyForcibly();
        process.onExit().join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run a job in " + folder, e);
    }
  }

  private double watch(Process process, Path status, String stage, long records) {
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
      read = JobStatus.read(status).map(told -> in(told, stage)).orElse(0L);
      cost.add(new CpuCost.Sample(read, used, Duration.ofNanos(System.nanoTime() - began)));
    }
    return cost.microsPerRecord();
  }

  private static long in(JobStatus status, String stage) {
    return status.stages().stream()
        .filter(counted -> counted.stage().equals(stage))
        .mapToLong(JobStatus.Stage::in)
        .findFirst()
        .orElse(0);
  }

  private List<String> command(Class<?> main, List<String> options, Path status) {
    Path flink = repository.resolve("runner-configs/flink");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + flink.resolve("jvm.options"));
    command.add("-D" + JobStatus.PROPERTY + "=" + status);
    command.add("-Dbeamtemplates.log=" + folder.resolve("job.log"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.add("@" + flink.resolve("flink.options"));
    command.add("--stateBackendStoragePath=" + folder.resolve("checkpoints").toUri());
    command.addAll(options);
    return command;
  }
}
