package org.beamtemplates.pipelines.deadletterreplay;

import static java.util.Objects.requireNonNull;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The bytes of a dead letter, or of something that was to be one, and where they lie. The arrays
 * are not copied, and never written.
 */
final class Parcel {

  private static final String TOMBSTONE = "tombstone";

  private final String id;
  private final String place;
  private final byte @Nullable [] key;
  private final byte[] value;
  private final String fault;

  private Parcel(String id, String place, byte @Nullable [] key, byte[] value, String fault) {
    this.id = requireNonNull(id, "id");
    this.place = requireNonNull(place, "place");
    this.key = key;
    this.value = requireNonNull(value, "value");
    this.fault = requireNonNull(fault, "fault");
  }

  /**
   * Bytes that nobody has looked into yet.
   *
   * @param place where they lie, unlike any other
   */
  static Parcel unopened(String place, byte @Nullable [] key, byte[] value) {
    return new Parcel("", place, key, value, "");
  }

  /** What is left of a letter that was deleted from a compacted topic. */
  static Parcel tombstone(String place, byte @Nullable [] key) {
    return new Parcel("", place, key, new byte[0], TOMBSTONE);
  }

  static Parcel of(String id, String place, byte @Nullable [] key, byte[] value, String fault) {
    return new Parcel(id, place, key, value, fault);
  }

  /** Returns the same bytes, known to be the dead letter with this id. */
  Parcel knownAs(String letterId) {
    return new Parcel(letterId, place, key, value, "");
  }

  /** Returns the same bytes, known to be no dead letter; where they lie is who they are. */
  Parcel malformed(String why) {
    return new Parcel("malformed:" + place, place, key, value, why.isEmpty() ? "malformed" : why);
  }

  /** Returns the id under which the ledger knows it; empty as long as nobody has looked. */
  String id() {
    return id;
  }

  String place() {
    return place;
  }

  byte @Nullable [] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  /** Returns why these bytes are no dead letter; empty if they are one. */
  String fault() {
    return fault;
  }

  boolean isMalformed() {
    return !fault.isEmpty() && !isTombstone();
  }

  boolean isTombstone() {
    return fault.equals(TOMBSTONE);
  }

  @Override
  public String toString() {
    return place + " (" + (id.isEmpty() ? "unopened" : id) + ")";
  }
}
