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
record DeadLetterCounts(Map<String, Long> own, long foreign) {

  static DeadLetterCounts of(
      String bootstrapServers, String topic, String inputTopic, OwnOffsets offsets) {
    Map<String, Long> own = new TreeMap<>();
    Set<String> ids = new HashSet<>();
    long[] foreign = new long[1];
    TopicPass.readAll(
        bootstrapServers,
        topic,
        found ->
            Letter.of(found)
                .filter(letter -> ids.add(letter.getId()))
                .ifPresent(
                    letter -> {
                      if (isForeign(letter, inputTopic, offsets)) {
                        foreign[0]++;
                      } else {
                        own.merge(letter.getCategory(), 1L, Long::sum);
                      }
                    }));
    return new DeadLetterCounts(Map.copyOf(own), foreign[0]);
  }

  private static boolean isForeign(DeadLetter letter, String inputTopic, OwnOffsets offsets) {
    return inputTopic.equals(letter.getSource())
        && letter.getPartition() != null
        && letter.getOffset() != null
        && offsets.isForeign(letter.getPartition(), letter.getOffset());
  }
}
