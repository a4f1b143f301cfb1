package org.beamtemplates.transforms.record;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where a record came from: the coordinates by which it can be found again.
 *
 * @param type kind of source
 * @param source Kafka topic, or path of the file; empty if the record was made inside a pipeline
 * @param partition Kafka partition; 0 for a file
 * @param offset Kafka offset; for a file, number of the record within it, from 0
 * @param replay what is known of the earlier attempts, if the record is a replay of a dead letter:
 *     the coordinates are those of the very first record then, not of its copy
 */
public record Origin(Type type, String source, int partition, long offset, @Nullable Replay replay)
    implements Serializable {

  /** Kind of source. */
  public enum Type {
    /** Made inside a pipeline or a test: there is nothing to go back to. */
    NONE(0),
    /** A Kafka topic. */
    KAFKA(1),
    /** A file. */
    FILE(2);

    // Part of the encoding of elements in flight and in state: never change one.
    private final int code;

    Type(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Type ofCode(int code) {
      return switch (code) {
        case 0 -> NONE;
        case 1 -> KAFKA;
        case 2 -> FILE;
        default -> throw new IllegalArgumentException("no kind of source has the code " + code);
      };
    }
  }

  private static final Origin NONE = new Origin(Type.NONE, "", 0, 0, null);

  public Origin {
    requireNonNull(type, "type");
    requireNonNull(source, "source");
  }

  /** Coordinates of a Kafka record. */
  public static Origin kafka(String topic, int partition, long offset) {
    return new Origin(Type.KAFKA, topic, partition, offset, null);
  }

  /** Coordinates of a record in a file; {@code number} counts the file's records from 0. */
  public static Origin file(String path, long number) {
    return new Origin(Type.FILE, path, 0, number, null);
  }

  /** A record without a source. */
  public static Origin none() {
    return NONE;
  }

  /** Returns the same coordinates, reached by a replay. */
  public Origin replayed(Replay by) {
    return new Origin(type, source, partition, offset, by);
  }

  /** Returns which attempt at processing the record this is: 1, unless it is a replay. */
  public int attempt() {
    return replay == null ? 1 : replay.attempt();
  }

  /** Returns whether there is a source to go back to. */
  public boolean isKnown() {
    return type != Type.NONE;
  }

  /** Returns a short form for logs and messages, such as {@code page-events-3@1042}. */
  @Override
  public String toString() {
    return switch (type) {
      case KAFKA -> source + "-" + partition + "@" + offset;
      case FILE -> source + "#" + offset;
      case NONE -> "(no source)";
    };
  }
}
