package org.beamtemplates.transforms.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The headers by which a replayed record tells where it first came from and how often it was tried,
 * so that a failure of the replay is one story with the failures before it.
 */
public final class ReplayHeaders {

  /** What the names of all these headers begin with. */
  public static final String PREFIX = "beam-templates.replay.";

  /** Id of the dead letter that was replayed. */
  public static final String ID = PREFIX + "id";

  private static final String ATTEMPT = PREFIX + "attempt";
  private static final String FIRST_FAILURE = PREFIX + "first-failure-ms";
  private static final String SOURCE_TYPE = PREFIX + "source-type";
  private static final String SOURCE = PREFIX + "source";
  private static final String PARTITION = PREFIX + "partition";
  private static final String OFFSET = PREFIX + "offset";

  private ReplayHeaders() {}

  /** Returns whether a header is one of these. */
  public static boolean isOne(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * Returns the headers of the record that a dead letter is replayed as: those of the original
   * record, without what an earlier replay added, and those of this replay.
   */
  public static List<RawRecord.Header> of(DeadLetter letter) {
    List<RawRecord.Header> headers = new ArrayList<>();
    for (RecordHeader header : letter.getHeaders()) {
      if (!isOne(header.getName())) {
        headers.add(new RawRecord.Header(header.getName(), bytes(header.getValue())));
      }
    }
    add(headers, ID, letter.getId());
    add(headers, ATTEMPT, letter.getAttempts() + 1);
    add(headers, FIRST_FAILURE, letter.getFirstFailureMs());
    add(headers, SOURCE_TYPE, letter.getSourceType());
    add(headers, SOURCE, letter.getSource());
    add(headers, PARTITION, letter.getPartition());
    add(headers, OFFSET, letter.getOffset());
    return headers;
  }

  /**
   * Returns the origin of a record: its own coordinates, or those of the first attempt if the
   * record is a replay. Headers come from outside: those that make no sense are as good as none,
   * and never an error.
   *
   * @param own coordinates of the record itself
   */
  public static Origin originOf(Origin own, List<RawRecord.Header> headers) {
    if (headers.isEmpty()) {
      return own;
    }
    Map<String, String> values = new HashMap<>();
    for (RawRecord.Header header : headers) {
      if (isOne(header.name()) && header.value() != null) {
        values.put(header.name(), new String(header.value(), UTF_8));
      }
    }
    return values.isEmpty() ? own : originOf(own, values);
  }

  private static Origin originOf(Origin own, Map<String, String> values) {
    String id = values.get(ID);
    if (id == null) {
      return own;
    }
    try {
      Replay replay =
          new Replay(
              id,
              Integer.parseInt(values.getOrDefault(ATTEMPT, "")),
              Long.parseLong(values.getOrDefault(FIRST_FAILURE, "")));
      return first(own, values).replayed(replay);
    } catch (IllegalArgumentException e) {
      return own;
    }
  }

  /** A value made inside a pipeline has no first coordinates: its replay is where it began. */
  private static Origin first(Origin own, Map<String, String> values) {
    String source = values.get(SOURCE);
    if (source == null) {
      return own;
    }
    long offset = Long.parseLong(values.getOrDefault(OFFSET, ""));
    return switch (values.getOrDefault(SOURCE_TYPE, "")) {
      case "KAFKA" ->
          Origin.kafka(source, Integer.parseInt(values.getOrDefault(PARTITION, "")), offset);
      case "FILE" -> Origin.file(source, offset);
      default -> own;
    };
  }

  private static void add(List<RawRecord.Header> headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.add(new RawRecord.Header(name, value.toString().getBytes(UTF_8)));
    }
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
