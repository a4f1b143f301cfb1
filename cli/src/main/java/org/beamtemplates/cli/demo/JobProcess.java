package org.beamtemplates.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.beamtemplates.services.ParentGuard;
import org.beamtemplates.transforms.launch.JobStatus;

/** The job, in a JVM of its own that ends with this one. */
final class JobProcess implements AutoCloseable {

  private final Process process;
  private final Path output;
  private final Path status;

  private JobProcess(Process process, Path output, Path status) {
    this.process = process;
    this.output = output;
    this.status = status;
  }

  /**
   * Starts the job.
   *
   * @param output file for all that it prints
   * @param status file that it tells its state in
   */
  static JobProcess start(List<String> command, Path folder, Path output, Path status) {
    try {
      Files.createDirectories(output.getParent());
      Process process =
          new ProcessBuilder(ParentGuard.guarded(command, folder))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      return new JobProcess(process, output, status);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the job", e);
    }
  }

  /** Returns the exit code once the job has ended. */
  Optional<Integer> exitCode() {
    return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
  }

  /** Returns what the job has told last. */
  Optional<JobStatus> status() {
    return JobStatus.read(status);
  }

  /** Asks the job to end, as SIGTERM does; returns whether it did so, with exit code 0. */
  boolean stop(Duration patience) throws InterruptedException {
    // Process.destroy() would also close the pipe whose end tells the job that nobody is there.
    process.toHandle().destroy();
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
  }

  Path output() {
    return output;
  }

  /** Returns the last lines that the job has printed. */
  List<String> lastLines(int most) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(output), Charset.defaultCharset()).lines().toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      return List.of("(cannot be read: " + e + ")");
    }
  }

  /** Ends the job at once. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
