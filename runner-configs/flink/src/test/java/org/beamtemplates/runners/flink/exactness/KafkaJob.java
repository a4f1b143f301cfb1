package org.beamtemplates.runners.flink.exactness;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.aggregate.Deduplication;
import org.beamtemplates.transforms.aggregate.WindowResult;
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
import org.beamtemplates.transforms.record.Ingested;

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

  /** Where each pane is once. */
  static String onceOf(String topic) {
    return topic + ".results-once";
  }

  static String deadLettersOf(String topic) {
    return topic + ".dead-letters";
  }

  /** Versions of the job, as it may change while it is in production. */
  enum Version {
    FIRST,
    /** A step more that keeps nothing: state is found as before. */
    WITH_ANOTHER_STEP,
    /** A step that keeps state has another name: its state is not found. */
    WITH_A_RENAMED_STEP
  }

  static void build(Pipeline pipeline, String bootstrapServers, String topic) {
    build(pipeline, bootstrapServers, topic, Version.FIRST);
  }

  static void build(Pipeline pipeline, String bootstrapServers, String topic, Version version) {
    try (DeadLetters deadLetters =
        DeadLetters.of(
            "exactness", "1", DeadLetterSinks.kafka(bootstrapServers, deadLettersOf(topic)))) {
      panes(pipeline, bootstrapServers, topic, version, deadLetters)
          .apply("Deliver", delivery(bootstrapServers, resultsOf(topic), deadLetters));
    }
  }

  /**
   * The same, with results in a topic where a pane may come again, and in one where each is once.
   */
  static void buildTwice(Pipeline pipeline, String bootstrapServers, String topic) {
    try (DeadLetters deadLetters =
        DeadLetters.of(
            "exactness", "1", DeadLetterSinks.kafka(bootstrapServers, deadLettersOf(topic)))) {
      PCollection<WindowResult<String, String>> panes =
          panes(pipeline, bootstrapServers, topic, Version.FIRST, deadLetters);
      panes.apply("Deliver", delivery(bootstrapServers, resultsOf(topic), deadLetters));
      panes.apply(
          "DeliverOnce",
          delivery(bootstrapServers, onceOf(topic), deadLetters)
              .named("deliver-once")
              .exactlyOnce("sink-" + topic, 2));
    }
  }

  private static PCollection<WindowResult<String, String>> panes(
      Pipeline pipeline,
      String bootstrapServers,
      String topic,
      Version version,
      DeadLetters deadLetters) {
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    return pipeline
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
            version == Version.WITH_A_RENAMED_STEP ? "DropCopies" : "Deduplicate",
            Deduplication.by(PageEvent::getEventId, Traffic.LONGEST_WINDOW.plus(Traffic.LATENESS)))
        .apply("Pass", version == Version.WITH_ANOTHER_STEP ? new Pass(2) : new Pass(0))
        .apply(
            "Aggregate",
            WINDOWING
                .of(WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of()))
                .withAllowedLateness(Traffic.LATENESS)
                .combining(new Ids()))
        .lateTo(deadLetters, Encoders.json(PageEvent.class));
  }

  private static KafkaDelivery<WindowResult<String, String>> delivery(
      String bootstrapServers, String topic, DeadLetters deadLetters) {
    return KafkaDelivery.to(
            bootstrapServers,
            topic,
            (WindowResult<String, String> pane) -> FinalPanes.cellOf(pane).toString(),
            new PaneText())
        .withDeadLetters(deadLetters);
  }

  /** Hands events on, through so many steps. */
  private static final class Pass
      extends PTransform<PCollection<Ingested<PageEvent>>, PCollection<Ingested<PageEvent>>> {

    private static final long serialVersionUID = 1L;
    private final int steps;

    Pass(int steps) {
      this.steps = steps;
    }

    @Override
    public PCollection<Ingested<PageEvent>> expand(PCollection<Ingested<PageEvent>> events) {
      PCollection<Ingested<PageEvent>> passed = events;
      for (int step = 0; step < steps; step++) {
        passed = passed.apply("Pass" + step, ParDo.of(new PassFn())).setCoder(events.getCoder());
      }
      return passed;
    }
  }

  private static final class PassFn extends DoFn<Ingested<PageEvent>, Ingested<PageEvent>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<PageEvent> event, OutputReceiver<Ingested<PageEvent>> out) {
      out.output(event);
    }
  }
}
