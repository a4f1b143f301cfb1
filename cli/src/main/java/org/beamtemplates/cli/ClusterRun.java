package org.beamtemplates.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.beamtemplates.services.ParentGuard;

/**
 * A job with a cluster of its own, which ends with it. The job is a child of this process; a signal
 * is handed on to it, and the cluster stays until the job has ended.
 */
final class ClusterRun {

  /** How long a job may take to end after a signal: longer than the job itself allows. */
  private static final long PATIENCE_SECONDS = 60;

  private static final String CLASSPATH = "target/cluster.classpath";

  private final Config config;
  private final int workers;
  private final int slots;
  private final PrintWriter err;

  ClusterRun(Config config, int workers, int slots, PrintWriter err) {
    this.config = config;
    this.workers = workers;
    this.slots = slots;
    this.err = err;
  }

  /** Runs the job and returns its exit code. */
  int run(JobCommand command) {
    RunnerCluster.Kind kind = RunnerCluster.Kind.of(config);
    String classpath = classpath();
    err.println("Starting a " + kind.runner() + " cluster: " + kind.size(workers, slots));
    err.flush();
    try (RunnerCluster cluster = kind.start(classpath, workers, slots)) {
      err.println(
          kind.runner() + " cluster at " + cluster.master() + ", its logs in " + cluster.folder());
      err.flush();
      return runOn(cluster, command);
    } catch (IllegalStateException e) {
      throw new UserError(e.getMessage());
    }
  }

  private static int runOn(RunnerCluster cluster, JobCommand command) {
    List<String> words = new ArrayList<>(command.words());
    words.addAll(cluster.jobOptions());
    try {
      Process job =
          new ProcessBuilder(ParentGuard.guarded(words, cluster.folder()))
              .redirectOutput(Redirect.INHERIT)
              .redirectError(Redirect.INHERIT)
              .start();
      Thread hook = new Thread(() -> endOnSignal(job, cluster), "end-job-and-cluster");
      Runtime.getRuntime().addShutdownHook(hook);
      int code = job.waitFor();
      removeUnlessRunning(hook);
      return code;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the job", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted while the job ran");
    }
  }

  /** The job cancels itself on the cluster, which must be there for it. */
  private static void endOnSignal(Process job, RunnerCluster cluster) {
    job.toHandle().destroy();
    try {
      boolean ended = job.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      cluster.close();
      Runtime.getRuntime().halt(ended ? job.exitValue() : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeUnlessRunning(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It waits for the job as well, and ends this JVM.
      try {
        hook.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String classpath() {
    Path file = config.module().resolve(CLASSPATH);
    try {
      return Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw new UserError("There is no " + file + ": build first, or start with ./templates");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
