package org.beamtemplates.transforms.record;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as it was read: bytes and coordinates, before anything has tried to understand it.
 *
 * <p>The arrays are not copied; whoever holds a RawRecord reads them and never writes.
 */
public final class RawRecord {

  /** A header of a record. Names can repeat. */
  public static final class Header {

    private final String name;
    private final byte @Nullable [] value;

    public Header(String name, byte @Nullable [] value) {
      this.name = requireNonNull(name, "name");
      this.value = value;
    }

    /** Returns the name. */
    public String name() {
      return name;
    }

    /** Returns the value as it was read, or null. */
    public byte @Nullable [] value() {
      return value;
    }
  }

  private final Origin origin;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> headers;
  private final boolean hasTimestamp;
  private final long timestampMillis;

  private RawRecord(
      Origin origin,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers,
      OptionalLong timestampMillis) {
    this.origin = requireNonNull(origin, "origin");
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
    this.hasTimestamp = timestampMillis.isPresent();
    this.timestampMillis = timestampMillis.orElse(0);
  }

  /** A record with a value only, as files have them. */
  public static RawRecord of(Origin origin, byte @Nullable [] value) {
    return new RawRecord(origin, null, value, List.of(), OptionalLong.empty());
  }

  /** A record with all that Kafka keeps of it; {@code timestampMillis} since the epoch. */
  public static RawRecord of(
      Origin origin,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers,
      OptionalLong timestampMillis) {
    return new RawRecord(origin, key, value, headers, timestampMillis);
  }

  /** Returns the coordinates. */
  public Origin origin() {
    return origin;
  }

  /** Returns the key, or null if the record has none. */
  public byte @Nullable [] key() {
    return key;
  }

  /** Returns the value, or null: a tombstone. */
  public byte @Nullable [] value() {
    return value;
  }

  /** Returns the headers, in order. */
  public List<Header> headers() {
    return headers;
  }

  /** Returns the source's own timestamp in milliseconds since the epoch, if it has one. */
  public OptionalLong timestampMillis() {
    return hasTimestamp ? OptionalLong.of(timestampMillis) : OptionalLong.empty();
  }

  @Override
  public String toString() {
    return "RawRecord " + origin + ", " + (value == null ? "no value" : value.length + " bytes");
  }
}
