package org.beamtemplates.benchmarks.speed;

/**
 * Does a {@link Job} in this JVM. It ends when all is done, or never: whoever started the JVM sees
 * in the {@link Tally} that all results are there, and ends it.
 */
public interface Engine {

  /** Returns whether the engine does such a job; not all have, say, RocksDB. */
  boolean does(Job job);

  /** Does a job. */
  void run(Job job) throws Exception;
}
