package org.beamtemplates.cli.demo;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.beamtemplates.schemas.DeadLetter;

/**
 * How many different dead letters a topic holds.
 *
 * @param own those of the generator's records, by category
 * @param foreign those of records that somebody else wrote into the input topic
 */
record DeadLetterCounts(Map<String, Long> own, Map<String, Long> foreign) {

  static DeadLetterCounts of(
      String bootstrapServers, String topic, String inputTopic, OwnOffsets offsets) {
    Map<String, Long> own = new TreeMap<>();
    Set<String> ids = new HashSet<>();
    Map<String, Long> foreign = new TreeMap<>();
    TopicPass.readAll(
        bootstrapServers,
        topic,
        found ->
            Letter.of(found)
                .filter(letter -> ids.add(letter.getId()))
                .ifPresent(
                    letter -> {
                      boolean isForeign = isForeign(letter, inputTopic, offsets);
                      (isForeign ? foreign : own).merge(letter.getCategory(), 1L, Long::sum);
                    }));
    return new DeadLetterCounts(Map.copyOf(own), Map.copyOf(foreign));
  }

  private static boolean isForeign(DeadLetter letter, String inputTopic, OwnOffsets offsets) {
    return inputTopic.equals(letter.getSource())
        && letter.getPartition() != null
        && letter.getOffset() != null
        && offsets.isForeign(letter.getPartition(), letter.getOffset());
  }
}
