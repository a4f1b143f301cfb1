package org.beamtemplates.runners.flink.exactness;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.aggregate.Deduplication;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deliver.KafkaDelivery;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.EventTimeExtractor;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;

/** From Kafka to Kafka by way of every stage: the ids of the events by country and window. */
final class KafkaJob {

  /** The windows of the aggregation. */
  static final Windowing WINDOWING = Windowing.FIXED;

  /** Later than all traffic, whose times are to be believed. */
  private static final Clock AFTER_ALL =
      Clock.fixed(Instant.parse("2091-01-01T00:00:00Z"), ZoneOffset.UTC);

  private KafkaJob() {}

  static String resultsOf(String topic) {
    return topic + ".results";
  }

  static String deadLettersOf(String topic) {
    return topic + ".dead-letters";
  }

  static void build(Pipeline pipeline, String bootstrapServers, String topic) {
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    try (DeadLetters deadLetters =
        DeadLetters.of(
            "exactness", "1", DeadLetterSinks.kafka(bootstrapServers, deadLettersOf(topic)))) {
      pipeline
          .apply(
              "Ingest",
              KafkaIngestion.of(
                      decoder,
                      bootstrapServers,
                      topic,
                      topic,
                      StartFrom.earliest(),
                      EventTime.extractedBy(
                              EventTimeExtractor.decoding(decoder, PageEvent::getEventTimeMs))
                          .withMaxDelay(Traffic.DISORDER)
                          .withClock(AFTER_ALL))
                  .withDeadLetters(deadLetters))
          .apply(
              "Deduplicate",
              Deduplication.by(
                  PageEvent::getEventId, Traffic.LONGEST_WINDOW.plus(Traffic.LATENESS)))
          .apply(
              "Aggregate",
              WINDOWING
                  .of(WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of()))
                  .withAllowedLateness(Traffic.LATENESS)
                  .combining(new Ids()))
          .lateTo(deadLetters, Encoders.json(PageEvent.class))
          .apply(
              "Deliver",
              KafkaDelivery.to(
                      bootstrapServers,
                      resultsOf(topic),
                      pane -> FinalPanes.cellOf(pane).toString(),
                      new PaneText())
                  .withDeadLetters(deadLetters));
    }
  }
}
