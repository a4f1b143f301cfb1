package org.beamtemplates.transforms.launch;

/**
 * One argument and where it stands.
 *
 * @param text the argument itself
 * @param file the file it was read from; empty for the command line
 * @param line its line in the file, from 1; 0 for the command line
 */
record Argument(String text, String file, int line) {

  static Argument ofCommandLine(String text) {
    return new Argument(text, "", 0);
  }

  /** Returns whether both stand in the same file, or both on the command line. */
  boolean besides(Argument other) {
    return file.equals(other.file);
  }

  /** Returns " (in direct.options:3)", or nothing for the command line. */
  String place() {
    return file.isEmpty() ? "" : " (in " + file + ":" + line + ")";
  }
}
