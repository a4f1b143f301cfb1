package org.beamtemplates.benchmarks.analytics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.beamtemplates.pipelines.realtimeanalytics.PageAggregate;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.ingest.Validator;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Decodes and validates in the source, so that the watermark of each partition is made of the
 * payload's time and a record is decoded once. The decoder is the library's, with its reader for
 * each schema id.
 */
final class PageDeserializer implements KafkaRecordDeserializationSchema<PageRead> {

  private static final long serialVersionUID = 1L;

  /** The times that the template believes. */
  private static final long SINCE = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

  private static final long AHEAD = Duration.ofMinutes(10).toMillis();

  private final Decoder<PageEvent> decoder;
  private final StageDeadLetters letters;
  private transient Validator<PageEvent> rules;
  private transient PageRead read;
  private transient ReadCount.Counter counter;

  PageDeserializer(Decoder<PageEvent> decoder, StageDeadLetters letters) {
    this.decoder = decoder;
    this.letters = letters;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    decoder.open();
    rules = PageAggregate.rules();
    read = new PageRead();
    counter = ReadCount.newCounter();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<PageRead> out) {
    counter.read();
    RawRecord raw = raw(consumed);
    read.dead = null;
    try {
      PageEvent event = decoder.decode(raw);
      Optional<String> complaint = complaint(event);
      if (complaint.isPresent()) {
        bury(Categories.VALIDATE, raw, new IllegalArgumentException(complaint.get()));
      } else {
        read.view.readFrom(event);
        read.timeMillis = event.getEventTimeMs();
      }
    } catch (DecodeException | RuntimeException e) {
      letters.rethrowInfrastructure(e);
      bury(Categories.DECODE, raw, e);
    }
    out.collect(read);
  }

  private Optional<String> complaint(PageEvent event) {
    long time = event.getEventTimeMs();
    return time < SINCE || time > System.currentTimeMillis() + AHEAD
        ? Optional.of("eventTimeMs is not to be believed: " + time)
        : rules.complaint(event);
  }

  private void bury(String category, RawRecord raw, Throwable error) {
    Integer schemaId = error instanceof DecodeException e ? e.schemaId() : null;
    read.dead = letters.ofRecord(category, raw, decoder.contentType(), schemaId, null, error);
    read.timeMillis = Long.MIN_VALUE;
  }

  private static RawRecord raw(ConsumerRecord<byte[], byte[]> consumed) {
    return RawRecord.of(
        Origin.kafka(consumed.topic(), consumed.partition(), consumed.offset()),
        consumed.key(),
        consumed.value(),
        headers(consumed),
        OptionalLong.of(consumed.timestamp()));
  }

  private static List<RawRecord.Header> headers(ConsumerRecord<byte[], byte[]> consumed) {
    Header[] all = consumed.headers().toArray();
    if (all.length == 0) {
      return List.of();
    }
    List<RawRecord.Header> headers = new ArrayList<>(all.length);
    for (Header header : all) {
      headers.add(new RawRecord.Header(header.key(), header.value()));
    }
    return headers;
  }

  @Override
  public TypeInformation<PageRead> getProducedType() {
    return new GenericTypeInfo<>(PageRead.class);
  }
}
