package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What becomes of an element for whose key nothing is known.
 *
 * @param <V> type of what elements are enriched with
 */
public final class MissPolicy<V> implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The four things that can be done. */
  public enum Action {
    /** The element is passed on, enriched with nothing. */
    PASS_ON,
    /** The element is enriched with the default. */
    USE_DEFAULT,
    /** The element becomes a dead letter of category ENRICH. */
    DEAD_LETTER,
    /** The element is left out, counted as filtered. */
    DROP
  }

  private final Action action;
  // Checked to be serializable when it is set.
  @SuppressWarnings("serial")
  private final @Nullable V defaultValue;

  private MissPolicy(Action action, @Nullable V defaultValue) {
    this.action = action;
    this.defaultValue = defaultValue;
  }

  /** Passes the element on; the function that joins is given an empty Optional. */
  public static <V> MissPolicy<V> passOn() {
    return new MissPolicy<>(Action.PASS_ON, null);
  }

  /**
   * Enriches the element with a default.
   *
   * @param value the default; must be {@link Serializable}, since it travels with the pipeline
   */
  public static <V> MissPolicy<V> useDefault(V value) {
    requireNonNull(value, "value");
    if (!(value instanceof Serializable)) {
      throw new IllegalArgumentException(
          "the default must be Serializable, and "
              + value.getClass().getName()
              + " is not; choose passOn() and put the default in where the join is made");
    }
    return new MissPolicy<>(Action.USE_DEFAULT, value);
  }

  /** Makes a dead letter of the element, of category ENRICH. */
  public static <V> MissPolicy<V> deadLetter() {
    return new MissPolicy<>(Action.DEAD_LETTER, null);
  }

  /** Leaves the element out, counted as filtered. */
  public static <V> MissPolicy<V> drop() {
    return new MissPolicy<>(Action.DROP, null);
  }

  /** Returns what is done. */
  public Action action() {
    return action;
  }

  /** Returns the default, if that is what elements are enriched with. */
  public Optional<V> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  @Override
  public String toString() {
    return action + (defaultValue == null ? "" : "(" + defaultValue + ")");
  }
}
