package org.beamtemplates.transforms.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The events of a template's traffic: what a real one looks like, how it is written, and in which
 * ways it can be broken. Called by one thread.
 *
 * @param <E> type of the events
 */
public interface EventModel<E> {

  /**
   * Returns a new event, with an id of its own.
   *
   * @param sender number of who sends it, see {@link Senders}
   */
  E draw(int sender, long eventTimeMillis, RandomGenerator random);

  /**
   * Writes an event.
   *
   * @param newerSchema whether with the newest version of the schema, or the one before
   */
  byte[] encode(E event, boolean newerSchema);

  /**
   * Returns the key of the result that the event counts in. Equal keys are equal objects, and their
   * {@code toString} names them in the ledger.
   */
  Object resultKey(E event);

  /** Returns the ways in which events are broken, in turn. */
  List<Breakage<E>> breakages();
}
