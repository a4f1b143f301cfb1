package org.beamtemplates.transforms.launch;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Launches a template: checks all options at once, builds the graph, runs it and waits for its end.
 * The whole main method of a template is
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   Launcher.main(new RealtimeAnalytics(), args);
 * }
 * }</pre>
 *
 * <p>Ctrl-C and SIGTERM cancel the job through the runner. The exit code is {@value #DONE} if the
 * job is done or was stopped on request, {@value #FAILED} if it failed, {@value #BAD_OPTIONS} if it
 * was not started because of its options, {@value #STOPPED_BY_POLICY} if it made more dead letters
 * than {@link DeadLetterPolicyOptions} allow. While the job runs, {@link JobStatus} can be read by
 * other processes.
 *
 * <p>A runner may call the main method in a process of its own, as Flink's JobManager does in
 * application mode. Then the process and its signals belong to the runner: main returns when the
 * job has ended, however it did, as the runner knows that itself, and throws if there was no job.
 */
public final class Launcher {

  /** The job is done, or was stopped on request. */
  public static final int DONE = 0;

  /** The job failed. */
  public static final int FAILED = 1;

  /** The job was not started because of its options. */
  public static final int BAD_OPTIONS = 2;

  /** The job was stopped because it made too many dead letters. */
  public static final int STOPPED_BY_POLICY = 3;

  private Launcher() {}

  /**
   * Launches the template and ends the JVM with the exit code.
   *
   * @throws IllegalStateException if a runner's process is the host and no job was started
   */
  public static void main(Template<?> template, String[] args) {
    Launch<?> launch = launch(template, args, System.out, System.err);
    if (RunnerCapabilities.anyHostsLaunch()) {
      runAsGuest(template, launch);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(launch), "stop-on-signal"));
    System.exit(launch.run());
  }

  private static void runAsGuest(Template<?> template, Launch<?> launch) {
    int code = launch.run();
    if (code != DONE && !launch.hasStarted()) {
      throw new IllegalStateException(
          template.name()
              + " was not started; its messages above tell why (exit code "
              + code
              + ")");
    }
  }

  /** Launches the template and returns the exit code; leaves signals alone. */
  public static int run(Template<?> template, String[] args, PrintStream out, PrintStream err) {
    return launch(template, args, out, err).run();
  }

  private static Launch<?> launch(
      Template<?> template, String[] args, PrintStream out, PrintStream err) {
    return new Launch<>(template, args, Path.of(""), out, err);
  }

  /**
   * The JVM would report the signal as its exit code, but a job that was told to stop and did is
   * well.
   */
  private static void stop(Launch<?> launch) {
    if (!launch.hasEnded()) {
      Runtime.getRuntime().halt(launch.stop());
    }
  }
}
