package org.beamtemplates.pipelines.deadletterreplay;

import java.util.function.Consumer;
import org.beamtemplates.transforms.observe.StageCounters;

/** What became of a dead letter in one run. */
enum Outcome {
  SENT("sent", StageCounters::out),
  BACKFILLED("written for a backfill", StageCounters::out),
  SENT_BEFORE("done by an earlier run", StageCounters::duplicate),

  WOULD_BE_SENT("would be sent", StageCounters::filtered),
  WOULD_BE_BACKFILLED("would be written for a backfill", StageCounters::filtered),
  WOULD_BE_PARKED("would be parked", StageCounters::filtered),
  WOULD_BE_QUARANTINED("would be quarantined", StageCounters::filtered),

  NOT_SELECTED("not selected", StageCounters::filtered),
  NOT_DUE("not due yet", StageCounters::filtered),
  NOT_REPAIRED("left by the repair", StageCounters::filtered),
  TAKEN_OVER("left to another replay of this ledger", StageCounters::filtered),
  TOMBSTONE("deleted from the topic by a tombstone", StageCounters::filtered),

  PARKED("parked, tried too often", StageCounters::dead),
  TRIED_TOO_OFTEN("left, tried too often (no --parkingTopic)", StageCounters::dead),
  QUARANTINED("quarantined, not a dead letter", StageCounters::dead),
  MALFORMED("left, not a dead letter (no --quarantineTopic)", StageCounters::dead),

  LATE_AGAIN("refused: late records are late again (no --backfill)", StageCounters::late),
  NOT_JSON("refused: a late record whose event is not kept as JSON", StageCounters::late),
  NOT_REPLAYABLE("refused: the payload was not kept", StageCounters::dead),
  REDACTED("refused: something was taken out of it", StageCounters::dead),
  NO_TARGET("refused: came from no topic (no --targetTopic)", StageCounters::dead),
  ORIGINAL_GONE("refused: the original is gone from its topic", StageCounters::dead),
  PAYLOAD_GONE("refused: the file with the payload cannot be read", StageCounters::dead),
  REPAIR_FAILED("left, the repair failed", StageCounters::dead),
  TO_THE_LEDGER("refused: its topic is the ledger", StageCounters::dead),
  NO_SUCH_TOPIC("left, its topic does not exist", StageCounters::dead),
  REFUSED_BY_BROKER("left, refused by the broker", StageCounters::dead);

  private final String label;
  private final Consumer<StageCounters> fate;

  Outcome(String label, Consumer<StageCounters> fate) {
    this.label = label;
    this.fate = fate;
  }

  /** Returns what is said of it to people. */
  String label() {
    return label;
  }

  void count(StageCounters counters) {
    fate.accept(counters);
  }
}
