package org.beamtemplates.pipelines.deadletterreplay;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.pipelines.deadletterreplay.ReplayLedger.Action;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is to be done about a dead letter.
 *
 * @param id who it is in the ledger
 * @param target the topic, or the file, that it goes to
 * @param attempt which attempt at the record this is; 0 if it is none
 * @param outgoing what is sent with the entry of the ledger; null if it goes to a file
 * @param line what goes to the file; null if it goes to a topic
 */
record Shipment(
    String id,
    Action action,
    String target,
    int attempt,
    @Nullable ProducerRecord<byte[], byte[]> outgoing,
    @Nullable String line)
    implements Plan {

  private static final int ENTRY_BYTES = 250;

  /** Returns about how many bytes it adds to a transaction. */
  int bytes() {
    if (outgoing == null) {
      return ENTRY_BYTES;
    }
    return ENTRY_BYTES + length(outgoing.key()) + length(outgoing.value());
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  Outcome done() {
    return switch (action) {
      case SENT -> Outcome.SENT;
      case PARKED -> Outcome.PARKED;
      case QUARANTINED -> Outcome.QUARANTINED;
      case BACKFILLED -> Outcome.BACKFILLED;
    };
  }

  /** Returns what is said of it in a dry run. */
  Outcome wouldBe() {
    return switch (action) {
      case SENT -> Outcome.WOULD_BE_SENT;
      case PARKED -> Outcome.WOULD_BE_PARKED;
      case QUARANTINED -> Outcome.WOULD_BE_QUARANTINED;
      case BACKFILLED -> Outcome.WOULD_BE_BACKFILLED;
    };
  }
}
