package org.beamtemplates.transforms.state;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What an event does to the state of its key, and what is said about it: {@code (state, event) →
 * (next state, outputs)}.
 *
 * <p>It must be a function: the same state and event give the same transition, and <em>neither the
 * state nor the event is changed in place</em>. A runner hands out the object that it keeps, and a
 * checkpoint may be writing it at this moment; nothing finds such a change out, and the results are
 * wrong after a restart. Make states immutable, such as records of immutable values.
 *
 * <p>Events of a key come in the order of their partition where a key lives in one; otherwise, and
 * by event time, in any order: compare times that the state holds with the event's.
 *
 * @param <T> type of the events
 * @param <S> type of the state; its coder must give back an equal state
 * @param <O> type of the outputs
 */
@FunctionalInterface
public interface StateFunction<T, S, O> extends Serializable {

  /**
   * Returns the next state and the outputs.
   *
   * @param state the state of the event's key; null if there is none, or if it has expired
   * @param event the event
   * @param eventTimeMillis its event time, in milliseconds since the epoch
   */
  Transition<S, O> apply(@Nullable S state, T event, long eventTimeMillis);
}
