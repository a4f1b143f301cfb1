package org.beamtemplates.cli.doctor;

/**
 * Java 17, with its compiler.
 *
 * @param feature its version, such as 17
 * @param version its whole version
 * @param vendor who made it
 * @param home where it is
 * @param compiler whether it has a compiler
 * @param javaHome the variable {@code JAVA_HOME}, or an empty text
 */
record JavaCheck(
    int feature, String version, String vendor, String home, boolean compiler, String javaHome)
    implements Check {

  private static final String SUBJECT = "Java";
  private static final int NEEDED = 17;

  @Override
  public Finding look() {
    String seen =
        "%s (%s) in %s, JAVA_HOME is %s"
            .formatted(version, vendor, home, javaHome.isEmpty() ? "not set" : javaHome);
    if (feature != NEEDED) {
      return Finding.problem(SUBJECT, seen, "Set JAVA_HOME to a JDK 17.");
    }
    if (!compiler) {
      return Finding.problem(
          SUBJECT,
          seen + ", without a compiler",
          "Install a JDK 17, not only its runtime (JRE), and set JAVA_HOME to it.");
    }
    return Finding.ok(SUBJECT, seen);
  }
}
