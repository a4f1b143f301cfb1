package org.beamtemplates.pipelines.deadletterreplay;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which topics a replay uses. */
final class Topics {

  private static final String LEDGER_SUFFIX = ".replayed";

  private Topics() {}

  /** Returns the topic of the ledger: the one that is named, or the one beside the dead letters. */
  static String ledger(DeadLetterReplayOptions options) {
    return options.getLedgerTopic() != null
        ? options.getLedgerTopic()
        : requireNonNull(options.getDeadLetterTopic()) + LEDGER_SUFFIX;
  }

  /** Returns those that are known before a letter is read, by their options. */
  static Map<String, String> byOption(DeadLetterReplayOptions options) {
    Map<String, String> topics = new LinkedHashMap<>();
    put(topics, "deadLetterTopic", options.getDeadLetterTopic());
    if (options.getLedgerTopic() != null || options.getDeadLetterTopic() != null) {
      topics.put("ledgerTopic", ledger(options));
    }
    put(topics, "targetTopic", options.getTargetTopic());
    put(topics, "parkingTopic", options.getParkingTopic());
    put(topics, "quarantineTopic", options.getQuarantineTopic());
    return topics;
  }

  private static void put(Map<String, String> topics, String option, String topic) {
    if (topic != null) {
      topics.put(option, topic);
    }
  }
}
