package org.beamtemplates.pipelines.realtimeanalytics;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.Encoding;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.EventTimeSource;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.FileFormat;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.EventTimeExtractor;
import org.beamtemplates.transforms.ingest.FileIngestion;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/** Where the events come from, as the options say. */
final class Sources {

  private final RealtimeAnalyticsOptions options;

  Sources(RealtimeAnalyticsOptions options) {
    this.options = options;
  }

  PTransform<PBegin, PCollection<IngestedBatch<PageEvent>>> events(DeadLetters deadLetters) {
    if (options.getInputTopic() != null) {
      return topic().withValidator(new PageEventRules()).withDeadLetters(deadLetters).inBatches();
    }
    return files().withValidator(new PageEventRules()).withDeadLetters(deadLetters).inBatches();
  }

  private KafkaIngestion<PageEvent> topic() {
    Decoder<PageEvent> decoder =
        options.getInputEncoding() == Encoding.AVRO
            ? Decoders.confluentAvro(
                PageEvent.class, SchemaRegistry.at(requireNonNull(options.getRegistryUrl())))
            : Decoders.json(PageEvent.class);
    return KafkaIngestion.of(
        decoder,
        requireNonNull(options.getBootstrapServers()),
        requireNonNull(options.getInputTopic()),
        options.getGroupId(),
        StartFrom.parse(requireNonNull(options.getStartFrom())).orElseThrow(),
        eventTime(decoder));
  }

  private EventTime eventTime(Decoder<PageEvent> decoder) {
    EventTime eventTime =
        options.getEventTime() == EventTimeSource.KAFKA
            ? EventTime.ofRecordTimestamp()
            : EventTime.extractedBy(
                EventTimeExtractor.decoding(decoder, PageEvent::getEventTimeMs));
    return eventTime.withMaxDelay(Durations.parse(options.getMaxDelay()));
  }

  private FileIngestion<PageEvent> files() {
    String files = requireNonNull(options.getInput());
    return options.getInputFormat() == FileFormat.AVRO
        ? FileIngestion.avro(files, PageEvent.class, PageEvent::getEventTimeMs)
        : FileIngestion.lines(files, Decoders.json(PageEvent.class), PageEvent::getEventTimeMs);
  }
}
