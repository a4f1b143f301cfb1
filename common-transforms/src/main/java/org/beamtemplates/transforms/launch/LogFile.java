package org.beamtemplates.transforms.launch;

/** Where the full log goes: the logging configurations of runner-configs read the same property. */
final class LogFile {

  private static final String PROPERTY = "beamtemplates.log";

  private LogFile() {}

  /** Returns "; log: file", or nothing if the log goes to no file. */
  static String mention() {
    String file = System.getProperty(PROPERTY, "");
    return file.isEmpty() ? "" : "; log: " + file;
  }
}
