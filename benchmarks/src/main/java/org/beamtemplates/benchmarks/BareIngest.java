package org.beamtemplates.benchmarks;

import org.apache.beam.sdk.Pipeline;
import org.beamtemplates.transforms.ingest.BareIngestion;
import org.beamtemplates.transforms.launch.Launcher;

/** The same reader and decoder, without a guard, a validation and dead letters. */
public final class BareIngest extends IngestTemplate {

  /** Launches the template. */
  public static void main(String[] args) {
    Launcher.main(new BareIngest(), args);
  }

  @Override
  public void build(Pipeline pipeline, IngestOptions options) {
    count(
        pipeline.apply(
            "Ingest",
            BareIngestion.of(
                decoder(options), options.getBootstrapServers(), options.getInputTopic(), name())));
  }
}
