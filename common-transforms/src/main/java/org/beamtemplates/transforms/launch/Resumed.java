package org.beamtemplates.transforms.launch;

/**
 * A transform that can tell why a job that goes on from a savepoint would lose something, though
 * all of its state is found: because the world has changed meanwhile.
 */
public interface Resumed {

  /** Adds what would be lost, and what to do. May ask a service for ten seconds. */
  void checkResume(Problems problems);
}
