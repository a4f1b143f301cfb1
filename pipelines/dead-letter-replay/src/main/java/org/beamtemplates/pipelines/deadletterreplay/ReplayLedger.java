package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.transforms.retry.Patience;

/**
 * What was done about which dead letter: a compacted topic whose entries are written in the same
 * transactions as the records that were sent. Key: the id of the dead letter, or {@code
 * malformed:<place>} for what is none; value: a JSON object.
 *
 * <p>An id always has its entry in the partition that its hash names, which is also the shard whose
 * producer may write it. So the number of partitions must never change; each entry tells for how
 * many it was written, and a ledger that has another number now is refused.
 */
public final class ReplayLedger {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What was done about a dead letter. */
  public enum Action {
    /** Its record was sent. */
    SENT,
    /** It was put aside because it was tried too often. */
    PARKED,
    /** It was put aside because it cannot be read. */
    QUARANTINED,
    /** Its event was written to a file, for a run of its own. */
    BACKFILLED
  }

  /**
   * What was done about one dead letter.
   *
   * @param target the topic that it was sent to, or the file
   * @param attempt which attempt at the record this is; 0 where it is none
   * @param time when it was done
   * @param shards partitions that the ledger had
   */
  public record Entry(Action action, String target, int attempt, Instant time, int shards) {

    public Entry {
      requireNonNull(action, "action");
      requireNonNull(target, "target");
      requireNonNull(time, "time");
    }
  }

  private ReplayLedger() {}

  /**
   * Reads all entries that are committed now, by id. Holds them in memory, some 300 bytes each.
   *
   * @throws org.beamtemplates.transforms.retry.UnavailableException if Kafka does not answer for 30
   *     seconds
   */
  public static Map<String, Entry> read(String bootstrapServers, String topic) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (TopicReader reader =
        new TopicReader(bootstrapServers, Patience.of(Duration.ofSeconds(30)))) {
      for (TopicRange range : reader.ranges(topic)) {
        reader.read(
            range,
            found -> {
              if (found.key() != null && found.value() != null) {
                entries.put(new String(found.key(), UTF_8), entry(found));
              }
            });
      }
    }
    return entries;
  }

  /** Returns which shard, and so which partition, an id belongs to. */
  static int shardOf(String id, int shards) {
    return Math.floorMod(id.hashCode(), shards);
  }

  /** Adds the ids that are committed in one partition. */
  static IdSet ids(TopicReader reader, String topic, int shard, int shards) {
    IdSet ids = new IdSet();
    reader.read(
        reader.range(topic, shard),
        found -> {
          if (found.key() != null && found.value() != null) {
            requireSame(shards, entry(found).shards(), topic);
            ids.add(new String(found.key(), UTF_8));
          }
        });
    return ids;
  }

  private static void requireSame(int present, int past, String topic) {
    if (present != past) {
      throw new IllegalStateException("The ledger " + topic + " " + changed(present, past));
    }
  }

  private static String changed(int present, int past) {
    return "has "
        + present
        + " partitions, but entries from when it had "
        + past
        + ": what was sent can no longer be told by its partition. Create a ledger with the old"
        + " number, and copy all entries to the partitions that they are in";
  }

  /**
   * Returns how the number of partitions has changed, as the rest of a sentence about the topic;
   * empty if it has not. Looks at the first entry that there is.
   */
  static Optional<String> changed(String bootstrapServers, String topic, Duration limit) {
    try (TopicReader reader = new TopicReader(bootstrapServers, Patience.of(limit))) {
      List<TopicRange> ranges = reader.ranges(topic);
      for (TopicRange range : ranges) {
        Optional<Integer> past = reader.first(range).map(found -> entry(found).shards());
        if (past.isPresent()) {
          return past.filter(shards -> shards != ranges.size())
              .map(shards -> changed(ranges.size(), shards));
        }
      }
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  static ProducerRecord<byte[], byte[]> toRecord(String topic, String id, Entry entry) {
    ObjectNode node = JSON.createObjectNode();
    node.put("action", entry.action().name());
    node.put("target", entry.target());
    node.put("attempt", entry.attempt());
    node.put("time", entry.time().toString());
    node.put("shards", entry.shards());
    try {
      return new ProducerRecord<>(
          topic, shardOf(id, entry.shards()), id.getBytes(UTF_8), JSON.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can be written", e);
    }
  }

  private static Entry entry(ConsumerRecord<byte[], byte[]> found) {
    try {
      JsonNode node = JSON.readTree(found.value());
      return new Entry(
          Action.valueOf(node.path("action").asText()),
          node.path("target").asText(),
          node.path("attempt").asInt(),
          Instant.parse(node.path("time").asText()),
          node.path("shards").asInt());
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new IllegalStateException(
          "No entry of a ledger: "
              + found.topic()
              + "-"
              + found.partition()
              + "@"
              + found.offset()
              + ". Is this topic a ledger?",
          e);
    }
  }
}
