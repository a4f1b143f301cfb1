package org.beamtemplates.cli.doctor;

import java.nio.file.Path;

/**
 * A folder that is written to.
 *
 * @param subject what it is for
 * @param folder where it is
 * @param state what was seen there
 * @param needed how much must be free
 * @param change how to take another folder
 */
record FolderCheck(String subject, Path folder, State state, long needed, String change)
    implements Check {

  /**
   * What was seen.
   *
   * @param writable whether a file could be made
   * @param free what is free on its disk
   */
  record State(boolean writable, long free) {}

  @Override
  public Finding look() {
    String seen = "%s free at %s".formatted(Bytes.text(state.free()), folder);
    if (!state.writable()) {
      return Finding.problem(
          subject,
          "cannot be written: " + folder,
          "Give yourself permission to write there. " + change);
    }
    if (state.free() < needed) {
      return Finding.problem(
          subject, seen, "Make room: %s are needed. %s".formatted(Bytes.text(needed), change));
    }
    return Finding.ok(subject, seen);
  }
}
