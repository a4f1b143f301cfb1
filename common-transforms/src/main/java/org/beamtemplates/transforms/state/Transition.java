package org.beamtemplates.transforms.state;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a {@link StateFunction} returns.
 *
 * @param next the next state; null for none
 * @param outputs what leaves the step, in this order, with the event's time
 * @param <S> type of the state
 * @param <O> type of the outputs
 */
public record Transition<S, O>(@Nullable S next, List<O> outputs) {

  public Transition {
    outputs = List.copyOf(outputs);
  }

  /** Goes to another state, or stays in the same, without an output. */
  public static <S, O> Transition<S, O> to(S next) {
    return new Transition<>(requireNonNull(next, "next"), List.of());
  }

  /** Goes to another state, or stays in the same, with an output. */
  public static <S, O> Transition<S, O> to(S next, O output) {
    return new Transition<>(requireNonNull(next, "next"), List.of(output));
  }

  /** Goes to another state, or stays in the same, with outputs. */
  public static <S, O> Transition<S, O> to(S next, List<O> outputs) {
    return new Transition<>(requireNonNull(next, "next"), outputs);
  }

  /** Forgets the key, or does not begin to remember it, without an output. */
  public static <S, O> Transition<S, O> forget() {
    return new Transition<>(null, List.of());
  }

  /** Forgets the key, or does not begin to remember it, with outputs. */
  public static <S, O> Transition<S, O> forget(List<O> outputs) {
    return new Transition<>(null, outputs);
  }
}
