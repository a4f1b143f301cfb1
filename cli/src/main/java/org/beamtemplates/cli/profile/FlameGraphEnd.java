package org.beamtemplates.cli.profile;

import java.io.IOException;
import java.io.PrintStream;
import one.profiler.AsyncProfiler;
import org.beamtemplates.transforms.launch.LaunchEnd;

/**
 * Writes the flame graph, in the JVM of the job. The agent would do so by itself when the JVM ends,
 * also if it is halted and this is never called, but could not tell where.
 */
public final class FlameGraphEnd implements LaunchEnd {

  /** System property of the job: the file. */
  static final String FILE = "beamtemplates.profile";

  /** System property of the job: how the file is written, in the words of async-profiler. */
  static final String STYLE = "beamtemplates.profile.style";

  /** Made by the launcher. */
  public FlameGraphEnd() {}

  @Override
  public void ended(PrintStream out) {
    String file = System.getProperty(FILE);
    try {
      AsyncProfiler.getInstance().execute("stop," + System.getProperty(STYLE) + ",file=" + file);
      out.println("profile: " + file + " (a flame graph, for any browser)");
    } catch (IOException | IllegalStateException e) {
      out.println("There is no profile in " + file + ": " + e.getMessage());
    }
  }
}
