package org.beamtemplates.benchmarks;

import java.time.Duration;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deliver.KafkaDelivery;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/** Reads, decodes, encodes and writes: the least that a stateless job does. */
public final class PassThrough extends IngestTemplate {

  /** Launches the template. */
  public static void main(String[] args) {
    Launcher.main(new PassThrough(), args);
  }

  @Override
  public void build(Pipeline pipeline, IngestOptions options) {
    try (DeadLetters deadLetters =
        DeadLetters.of(
            name(),
            "1",
            DeadLetterSinks.kafka(options.getBootstrapServers(), options.getDeadLetterTopic()))) {
      pipeline
          .apply(
              "Ingest",
              KafkaIngestion.of(
                      decoder(options),
                      options.getBootstrapServers(),
                      options.getInputTopic(),
                      name(),
                      StartFrom.earliest(),
                      EventTime.ofRecordTimestamp().withMaxDelay(Duration.ofSeconds(5)))
                  .withDeadLetters(deadLetters))
          .apply("Values", ParDo.of(new ValueFn()))
          .setCoder(AvroCoder.specific(PageEvent.class))
          .apply(
              "Deliver",
              KafkaDelivery.to(
                      options.getBootstrapServers(),
                      options.getOutputTopic(),
                      PageEvent::getEventId,
                      Encoders.confluentAvro(
                          PageEvent.class,
                          SchemaRegistry.at(options.getRegistryUrl()),
                          options.getOutputTopic() + "-value"))
                  .withDeadLetters(deadLetters));
    }
  }

  private static final class ValueFn extends DoFn<Ingested<PageEvent>, PageEvent> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Ingested<PageEvent> ingested, OutputReceiver<PageEvent> output) {
      output.output(ingested.value());
    }
  }
}
