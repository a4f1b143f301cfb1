package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where a job that has no checkpoint begins to read. A job that resumes from a checkpoint or
 * savepoint goes on where it was, whatever is said here.
 */
public final class StartFrom implements Serializable {

  private static final long serialVersionUID = 1L;

  private enum Kind {
    EARLIEST,
    LATEST,
    COMMITTED,
    TIMESTAMP
  }

  private final Kind kind;
  private final @Nullable Instant time;

  private StartFrom(Kind kind, @Nullable Instant time) {
    this.kind = kind;
    this.time = time;
  }

  /** From the oldest record of every partition, whatever the group has committed. */
  public static StartFrom earliest() {
    return new StartFrom(Kind.EARLIEST, null);
  }

  /** From the end of every partition, whatever the group has committed. */
  public static StartFrom latest() {
    return new StartFrom(Kind.LATEST, null);
  }

  /**
   * From where the group has committed; a partition without a commit is read from its oldest
   * record.
   */
  public static StartFrom committed() {
    return new StartFrom(Kind.COMMITTED, null);
  }

  /**
   * From the first record whose Kafka timestamp is at or after a time; a partition without one is
   * read from its end.
   */
  public static StartFrom timestamp(Instant time) {
    return new StartFrom(Kind.TIMESTAMP, requireNonNull(time, "time"));
  }

  /**
   * Parses {@code earliest}, {@code latest}, {@code committed} or a time such as {@code
   * 2026-01-31T08:00:00Z}; empty if the text is none of them.
   */
  public static Optional<StartFrom> parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "earliest" -> Optional.of(earliest());
      case "latest" -> Optional.of(latest());
      case "committed" -> Optional.of(committed());
      default -> parseTime(text).map(StartFrom::timestamp);
    };
  }

  private static Optional<Instant> parseTime(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  boolean isLatest() {
    return kind == Kind.LATEST;
  }

  /** Returns what follows "it begins". */
  String describe() {
    return switch (kind) {
      case EARLIEST -> "at the oldest record of each partition";
      case LATEST -> "at the end of each partition";
      case COMMITTED -> "where the group has committed, else at the oldest record";
      case TIMESTAMP -> "at the first record of " + time + " or later";
    };
  }

  /** Positions a consumer that was just assigned its partitions. */
  void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    switch (kind) {
      case EARLIEST -> consumer.seekToBeginning(partitions);
      case LATEST -> consumer.seekToEnd(partitions);
      case TIMESTAMP -> seekToTime(consumer, partitions, requireNonNull(time));
      case COMMITTED -> {
        // The consumer does that itself, and falls back to auto.offset.reset.
      }
    }
  }

  private static void seekToTime(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Instant time) {
    Map<TopicPartition, Long> times = new HashMap<>();
    for (TopicPartition partition : partitions) {
      times.put(partition, time.toEpochMilli());
    }
    Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp offset = offsets.get(partition);
      if (offset == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, offset.offset());
      }
    }
  }

  @Override
  public String toString() {
    return time == null ? kind.name().toLowerCase(Locale.ROOT) : time.toString();
  }
}
