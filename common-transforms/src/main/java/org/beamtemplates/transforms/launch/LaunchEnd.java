package org.beamtemplates.transforms.launch;

import java.io.PrintStream;

/**
 * Something to do when a launch has ended, as the last thing before the JVM does: after a job that
 * is done, failed, or was stopped by a signal or a policy, and after options that were refused. For
 * what looks at the JVM from outside of the job, such as a profiler; what belongs to the results of
 * a run is a {@link RunReport}.
 *
 * <p>Found by {@link java.util.ServiceLoader}; told once; one that throws is logged and skipped.
 */
public interface LaunchEnd {

  /** Does it, and says on {@code out} what there is to say. A signal's patience waits for it. */
  void ended(PrintStream out);
}
