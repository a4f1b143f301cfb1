package org.beamtemplates.cli.deadletters;

/** A place with dead letters that can be gone through, several times. */
interface LetterSource {

  /**
   * Hands over what is there now, in no promised order.
   *
   * @throws Refusal if the place cannot be read
   */
  void read(LetterReader reader);

  /** Returns the place in the words of the user. */
  String name();
}
