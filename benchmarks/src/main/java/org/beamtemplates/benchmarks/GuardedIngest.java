package org.beamtemplates.benchmarks;

import java.time.Duration;
import org.apache.beam.sdk.Pipeline;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.launch.Launcher;

/** The library's ingestion, with dead letters to a topic. */
public final class GuardedIngest extends IngestTemplate {

  /** Launches the template. */
  public static void main(String[] args) {
    Launcher.main(new GuardedIngest(), args);
  }

  @Override
  public void build(Pipeline pipeline, IngestOptions options) {
    try (DeadLetters deadLetters =
        DeadLetters.of(
            name(),
            "1",
            DeadLetterSinks.kafka(options.getBootstrapServers(), options.getDeadLetterTopic()))) {
      count(
          pipeline.apply(
              "Ingest",
              KafkaIngestion.of(
                      decoder(options),
                      options.getBootstrapServers(),
                      options.getInputTopic(),
                      name(),
                      StartFrom.earliest(),
                      EventTime.ofRecordTimestamp().withMaxDelay(Duration.ofSeconds(5)))
                  .withDeadLetters(deadLetters)));
    }
  }
}
