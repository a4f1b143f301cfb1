package org.beamtemplates.services;

/** A broker that runs. */
interface KafkaNode extends AutoCloseable {

  /** Stops it. */
  @Override
  void close();
}
