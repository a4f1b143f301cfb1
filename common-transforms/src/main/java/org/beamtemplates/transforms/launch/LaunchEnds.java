package org.beamtemplates.transforms.launch;

import java.io.PrintStream;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every {@link LaunchEnd} once, whichever thread comes first to the end of a launch. */
final class LaunchEnds {

  private static final Logger LOG = LoggerFactory.getLogger(LaunchEnds.class);

  private final PrintStream out;
  private boolean told;

  LaunchEnds(PrintStream out) {
    this.out = out;
  }

  /** Returns when all have been told, also if another thread does so. */
  synchronized void tell() {
    if (told) {
      return;
    }
    told = true;
    try {
      for (LaunchEnd end : ServiceLoader.load(LaunchEnd.class)) {
        tell(end);
      }
    } catch (ServiceConfigurationError e) {
      LOG.warn("Not all can be told of the end", e);
    }
  }

  private void tell(LaunchEnd end) {
    try {
      end.ended(out);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} failed at the end", end.getClass().getName(), e);
    }
  }
}
