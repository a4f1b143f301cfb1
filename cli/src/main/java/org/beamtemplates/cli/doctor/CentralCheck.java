package org.beamtemplates.cli.doctor;

import java.io.IOException;

/**
 * Whether the libraries can be downloaded.
 *
 * @param probe asks for an address
 */
record CentralCheck(Probe probe) implements Check {

  private static final String SUBJECT = "Maven Central";
  private static final String ADDRESS = "https://repo.maven.apache.org/maven2/";

  /** A file that the build needs, so that a mirror behind the address has it, too. */
  private static final String FILE = "junit/junit/4.13.2/junit-4.13.2.pom";

  private static final int OK = 200;

  /** Asks a web server. */
  interface Probe {
    /** Returns the status of the answer. */
    int status(String address) throws IOException;
  }

  @Override
  public Finding look() {
    try {
      int status = probe.status(ADDRESS + FILE);
      return status == OK
          ? Finding.ok(SUBJECT, ADDRESS + " answers")
          : unreachable("answers with status " + status);
    } catch (IOException e) {
      return unreachable("does not answer: " + e);
    }
  }

  private static Finding unreachable(String how) {
    return Finding.warning(
        SUBJECT,
        ADDRESS + " " + how,
        "No matter if all libraries are downloaded, or ~/.m2/settings.xml names a mirror or proxy."
            + " Otherwise look at the network.");
  }
}
