package org.beamtemplates.transforms.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.beamtemplates.transforms.launch.JobStatus.Stage;
import org.beamtemplates.transforms.launch.JobStatus.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the {@link JobStatus} of a job to a file, every half second and once at its end. All of it
 * is done by one thread of its own, so that nothing that fails or hangs here reaches the job.
 */
final class StatusFile {

  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path file;
  private final Path draft;
  private final RunningJob job;
  private final long startNanos = System.nanoTime();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(StatusFile::daemon);
  private final ScheduledFuture<?> repetition;

  // Of the thread alone.
  private final StageReader reader = new StageReader();
  private boolean complained;

  private StatusFile(Path file, RunningJob job) {
    this.file = file;
    this.draft = file.resolveSibling(file.getFileName() + ".draft");
    this.job = job;
    this.repetition =
        thread.scheduleAtFixedRate(
            () -> write(State.RUNNING), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Starts to write to the file that {@link JobStatus#PROPERTY} names, if it names one. */
  static Optional<StatusFile> startFor(RunningJob job) {
    String name = System.getProperty(JobStatus.PROPERTY, "");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new StatusFile(Path.of(name).toAbsolutePath(), job));
    } catch (InvalidPathException e) {
      LOG.warn("No status of this job: -D{} is no path", JobStatus.PROPERTY, e);
      return Optional.empty();
    }
  }

  /** Writes the last status, with the counters of the end. */
  void end(State state) {
    repetition.cancel(false);
    thread.execute(() -> write(state));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("The last status is not written after {}", Durations.format(PATIENCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(State state) {
    List<Stage> stages = job.result().map(reader::read).orElse(List.of());
    long uptimeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    try {
      Files.write(draft, new JobStatus(state, uptimeMillis, stages).toJson());
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      if (!complained) {
        LOG.warn("The status of this job cannot be written to {}", file, e);
      }
      complained = true;
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "job-status");
    thread.setDaemon(true);
    return thread;
  }
}
