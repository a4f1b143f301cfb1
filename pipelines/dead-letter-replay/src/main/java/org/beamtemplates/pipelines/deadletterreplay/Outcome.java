package org.beamtemplates.pipelines.deadletterreplay;

import org.beamtemplates.transforms.observe.StageCounters;

/** What became of a dead letter in one run. */
enum Outcome {
  SENT("sent", Fate.OUT),
  BACKFILLED("written for a backfill", Fate.OUT),
  SENT_BEFORE("done before", Fate.DUPLICATE),

  WOULD_BE_SENT("would be sent", Fate.FILTERED),
  WOULD_BE_BACKFILLED("would be written for a backfill", Fate.FILTERED),
  WOULD_BE_PARKED("would be parked", Fate.FILTERED),
  WOULD_BE_QUARANTINED("would be quarantined", Fate.FILTERED),

  NOT_SELECTED("not selected", Fate.FILTERED),
  NOT_DUE("not due yet", Fate.FILTERED),
  NOT_REPAIRED("left by the repair", Fate.FILTERED),
  TAKEN_OVER("left to another replay of this ledger", Fate.FILTERED),
  TOMBSTONE("deleted from the topic by a tombstone", Fate.FILTERED),

  PARKED("parked, tried too often", Fate.DEAD),
  TRIED_TOO_OFTEN("left, tried too often (no --parkingTopic)", Fate.DEAD),
  QUARANTINED("quarantined, not a dead letter", Fate.DEAD),
  MALFORMED("left, not a dead letter (no --quarantineTopic)", Fate.DEAD),

  LATE_AGAIN("refused: late records are late again (no --backfill)", Fate.LATE),
  NOT_JSON("refused: a late record whose event is not kept as JSON", Fate.LATE),
  NOT_REPLAYABLE("refused: the payload was not kept", Fate.DEAD),
  REDACTED("refused: something was taken out of it", Fate.DEAD),
  NO_TARGET("refused: came from no topic (no --targetTopic)", Fate.DEAD),
  ORIGINAL_GONE("refused: the original is gone from its topic", Fate.DEAD),
  PAYLOAD_GONE("refused: the file with the payload cannot be read", Fate.DEAD),
  REPAIR_FAILED("left, the repair failed", Fate.DEAD),
  TO_THE_LEDGER("refused: its topic is the ledger", Fate.DEAD),
  NO_SUCH_TOPIC("left, its topic does not exist", Fate.DEAD),
  REFUSED_BY_BROKER("left, refused by the broker", Fate.DEAD);

  /** What it is in the accounting. */
  private enum Fate {
    OUT,
    DUPLICATE,
    FILTERED,
    DEAD,
    LATE
  }

  private final String label;
  private final Fate fate;

  Outcome(String label, Fate fate) {
    this.label = label;
    this.fate = fate;
  }

  /** Returns what is said of it to people. */
  String label() {
    return label;
  }

  void count(StageCounters counters) {
    switch (fate) {
      case OUT -> counters.out();
      case DUPLICATE -> counters.duplicate();
      case FILTERED -> counters.filtered();
      case DEAD -> counters.dead();
      case LATE -> counters.late();
    }
  }
}
