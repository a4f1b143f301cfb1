package org.beamtemplates.cli.deadletters;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.beamtemplates.services.ParentGuard;
import org.beamtemplates.transforms.launch.JobStatus;

/** The job, in a JVM of its own that ends with this one and prints where this one prints. */
final class ReplayProcess {

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final long LINE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private ReplayProcess() {}

  /**
   * Runs the job to its end, and returns its exit code.
   *
   * @param command makes the command line for the file that the job tells its state in
   * @param progress where it is told how far the job is
   */
  static int run(Function<Path, List<String>> command, PrintWriter progress) {
    Path folder = folder();
    Path status = folder.resolve("status.json");
    try {
      Process job =
          new ProcessBuilder(ParentGuard.guarded(command.apply(status), folder))
              .redirectOutput(Redirect.INHERIT)
              .redirectError(Redirect.INHERIT)
              .start();
      Thread hook = new Thread(() -> stop(job, folder), "stop-replay");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        return await(job, status, progress);
      } finally {
        forget(hook);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the replay", e);
    } finally {
      delete(folder);
    }
  }

  private static int await(Process job, Path status, PrintWriter progress) {
    String told = "";
    long lineNanos = System.nanoTime();
    try {
      while (!job.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        String line = line(status);
        if (!line.equals(told) && System.nanoTime() - lineNanos > LINE_NANOS) {
          told = line;
          lineNanos = System.nanoTime();
          progress.println(line);
          progress.flush();
        }
      }
      return job.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      job.toHandle().destroy();
      throw new Refusal("Interrupted");
    }
  }

  /** The status file can be half-way between two versions. */
  private static String line(Path status) {
    Optional<JobStatus> job;
    try {
      job = JobStatus.read(status);
    } catch (UncheckedIOException e) {
      return "";
    }
    return job.map(ReplayProcess::line).orElse("");
  }

  static String line(JobStatus job) {
    long in = job.stages().stream().mapToLong(JobStatus.Stage::in).max().orElse(0);
    long out = job.stages().stream().mapToLong(JobStatus.Stage::out).max().orElse(0);
    // Some runners tell what was sent only when all is.
    String sent = out == 0 ? "" : ", %,d sent".formatted(out);
    return in == 0 ? "" : "  %,d dead letters read%s".formatted(in, sent);
  }

  /** Runs while this JVM ends: the job is told to, as by Ctrl-C. */
  private static void stop(Process job, Path folder) {
    job.toHandle().destroy();
    try {
      job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    delete(folder);
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends, and the hook runs already.
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("beam-templates-replay-");
    } catch (IOException e) {
      throw new Refusal("Cannot make a temporary folder (" + e + "): set TMPDIR to one");
    }
  }

  private static void delete(Path folder) {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException | UncheckedIOException e) {
      // A file of the system's temporary folder, which others clear away.
    }
  }
}
