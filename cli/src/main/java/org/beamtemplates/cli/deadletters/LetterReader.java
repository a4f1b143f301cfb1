package org.beamtemplates.cli.deadletters;

/** Takes what a place holds. */
interface LetterReader {

  /** A dead letter. */
  void letter(Found found);

  /**
   * Something that is no dead letter.
   *
   * @param place where it lies
   * @param fault why it is none
   */
  void malformed(String place, String fault);
}
