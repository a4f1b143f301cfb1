package org.beamtemplates.transforms.launch;

import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The answers for a runner that nobody speaks for.
 *
 * @param name name of its class
 */
record UnknownRunner(String name) implements RunnerCapabilities {

  @Override
  public boolean appliesTo(PipelineOptions options) {
    return true;
  }

  @Override
  public boolean batchedReading() {
    return false;
  }

  @Override
  public boolean stableInput() {
    return false;
  }

  @Override
  public boolean processingTimeFires() {
    return false;
  }

  @Override
  public boolean unboundedSources() {
    return false;
  }
}
