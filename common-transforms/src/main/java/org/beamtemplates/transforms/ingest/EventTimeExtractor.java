package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Finds the event time in the bytes of a record. It runs in the reader, where the watermark is
 * made, before anything has checked the record: whatever it throws is taken as "no event time", and
 * the record becomes a dead letter when it is decoded.
 */
@FunctionalInterface
public interface EventTimeExtractor extends Serializable {

  /** Prepares the extractor on a worker; called before the first record. */
  default void open() {}

  /**
   * Returns the event time in milliseconds since the epoch, or empty if the record has none.
   *
   * @throws DecodeException if the record cannot be understood
   */
  OptionalLong eventTimeMillis(RawRecord raw) throws DecodeException;

  /**
   * Takes the time from the decoded value. The record is decoded twice then, in the reader and
   * after it; where the source's own timestamps are the event times, {@link
   * EventTime#ofRecordTimestamp()} costs nothing.
   */
  static <T> EventTimeExtractor decoding(
      Decoder<T> decoder, SerializableFunction<T, Long> eventTimeMillis) {
    return new DecodingExtractor<>(decoder, eventTimeMillis);
  }

  /** Decodes the record and asks the value. */
  final class DecodingExtractor<T> implements EventTimeExtractor {

    private static final long serialVersionUID = 1L;

    private final Decoder<T> decoder;
    private final SerializableFunction<T, Long> eventTimeMillis;

    private DecodingExtractor(Decoder<T> decoder, SerializableFunction<T, Long> eventTimeMillis) {
      this.decoder = requireNonNull(decoder, "decoder");
      this.eventTimeMillis = requireNonNull(eventTimeMillis, "eventTimeMillis");
    }

    @Override
    public void open() {
      decoder.open();
    }

    @Override
    public OptionalLong eventTimeMillis(RawRecord raw) throws DecodeException {
      return OptionalLong.of(eventTimeMillis.apply(decoder.decode(raw)));
    }
  }
}
