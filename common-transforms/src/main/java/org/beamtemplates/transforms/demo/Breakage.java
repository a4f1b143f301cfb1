package org.beamtemplates.transforms.demo;

import static java.util.Objects.requireNonNull;

import java.util.random.RandomGenerator;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One way in which a record is broken.
 *
 * @param kind what is wrong, for people, such as "not Avro"
 * @param category category of the dead letter that it becomes
 * @param value makes the value of the record
 * @param <E> type of the events
 */
public record Breakage<E>(String kind, String category, Value<E> value) {

  public Breakage {
    requireNonNull(kind, "kind");
    requireNonNull(category, "category");
    requireNonNull(value, "value");
  }

  /** Makes the value of a broken record. */
  @FunctionalInterface
  public interface Value<E> {

    /**
     * Returns the value, null for none.
     *
     * @param event a sound event, which may be changed
     */
    byte @Nullable [] of(E event, boolean newerSchema, RandomGenerator random);
  }
}
