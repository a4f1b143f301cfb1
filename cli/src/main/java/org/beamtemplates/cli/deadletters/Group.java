package org.beamtemplates.cli.deadletters;

import org.beamtemplates.schemas.DeadLetter;

/** Dead letters of one kind, counted. */
final class Group {

  /**
   * What they have in common.
   *
   * @param pipeline name of the pipeline
   * @param stage name of the stage
   * @param category why, roughly
   * @param errorClass why, as Java names it; empty if there was no error
   */
  record Kind(String pipeline, String stage, String category, String errorClass) {

    static Kind of(DeadLetter letter) {
      return new Kind(
          letter.getPipeline(), letter.getStage(), letter.getCategory(), letter.getErrorClass());
    }
  }

  private static final int MESSAGE = 1_000;

  private long count;
  private long replayable;
  private long firstMillis = Long.MAX_VALUE;
  private long lastMillis = Long.MIN_VALUE;
  private String id = "";
  private String message = "";

  /** The newest is the example. */
  void add(DeadLetter letter) {
    count++;
    if (letter.getReplayable() && letter.getRedacted().isEmpty()) {
      replayable++;
    }
    firstMillis = Math.min(firstMillis, letter.getFirstFailureMs());
    if (letter.getLastFailureMs() >= lastMillis) {
      lastMillis = letter.getLastFailureMs();
      id = letter.getId();
      message = Texts.line(Texts.reason(letter), MESSAGE);
    }
  }

  long count() {
    return count;
  }

  long replayable() {
    return replayable;
  }

  long firstMillis() {
    return firstMillis;
  }

  long lastMillis() {
    return lastMillis;
  }

  /** Returns the id of the example. */
  String id() {
    return id;
  }

  /** Returns the message of the example, in one line. */
  String message() {
    return message;
  }
}
