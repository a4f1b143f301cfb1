package org.beamtemplates.cli.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which services are wanted; Kafka always is.
 *
 * @param topics topics to create, by name, with their partitions
 * @param registry whether a schema registry is wanted
 * @param postgres whether PostgreSQL is wanted
 * @param ports where they listen
 */
public record ServicesRequest(
    Map<String, Integer> topics, boolean registry, boolean postgres, DemoRequest.Ports ports) {

  private static final int MOST_PARTITIONS = 1_000;

  /**
   * Returns topics of words such as {@code events} and {@code events:4}; one partition if it is not
   * said.
   *
   * @throws Refusal if a word is something else
   */
  public static Map<String, Integer> topics(List<String> words) {
    Map<String, Integer> topics = new LinkedHashMap<>();
    for (String word : words) {
      String[] parts = word.split(":", -1);
      if (parts.length > 2 || !parts[0].matches("[A-Za-z0-9._-]{1,249}")) {
        throw new Refusal(
            "--topics has \"%s\"; allowed are names of topics, with a number of partitions behind a colon, such as events:4"
                .formatted(word));
      }
      if (topics.put(parts[0], parts.length == 1 ? 1 : partitions(word, parts[1])) != null) {
        throw new Refusal("--topics names " + parts[0] + " twice");
      }
    }
    return topics;
  }

  private static int partitions(String word, String number) {
    int partitions = number.matches("\\d{1,4}") ? Integer.parseInt(number) : 0;
    if (partitions < 1 || partitions > MOST_PARTITIONS) {
      throw new Refusal(
          "--topics has \"%s\"; allowed are 1 to %d partitions".formatted(word, MOST_PARTITIONS));
    }
    return partitions;
  }
}
