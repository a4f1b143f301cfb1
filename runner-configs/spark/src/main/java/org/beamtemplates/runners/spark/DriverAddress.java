package org.beamtemplates.runners.spark;

import java.util.regex.Pattern;

/** Where executors reach the driver, which is this JVM. */
final class DriverAddress {

  private static final String PROPERTY = "spark.driver.host";
  private static final String LOOPBACK = "127.0.0.1";

  /** Threads of this JVM, or a cluster that is on this machine alone. */
  private static final Pattern HERE =
      Pattern.compile("local(\\[.*])?|spark://(127\\.[\\d.]+|localhost):\\d+");

  private DriverAddress() {}

  /**
   * Listens on this machine alone if executors are on it; Spark's own choice is the machine's
   * address in its network. A property is the only way that Beam leaves to tell Spark; one that is
   * set already stays.
   */
  static void chooseFor(String master) {
    if (onlyThisMachineReaches(master) && System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, LOOPBACK);
    }
  }

  static boolean onlyThisMachineReaches(String master) {
    return HERE.matcher(master).matches();
  }
}
