package org.beamtemplates.transforms.launch;

import org.apache.beam.sdk.options.PipelineOptions;

/** A runner that says that it has called the main method of the template itself. */
public final class HostingRunner implements RunnerCapabilities {

  @Override
  public boolean hostsLaunch() {
    return true;
  }

  /** No: what it says of a job is of no interest here. */
  @Override
  public boolean appliesTo(PipelineOptions options) {
    return false;
  }

  @Override
  public String name() {
    return "host";
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
    return true;
  }

  @Override
  public boolean unboundedSources() {
    return true;
  }
}
