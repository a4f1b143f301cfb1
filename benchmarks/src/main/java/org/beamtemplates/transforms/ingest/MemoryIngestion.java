package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * {@link KafkaIngestion#inBatches()} with records that are in memory already, for benchmarks, which
 * is why it is in this package: the same batches, the same decoding, validation, dead letters and
 * counters.
 *
 * @param <T> type of the values
 */
public final class MemoryIngestion<T> extends PTransform<PBegin, PCollection<IngestedBatch<T>>> {

  private static final long serialVersionUID = 1L;

  /** Where records come from. */
  public interface Supply extends Serializable {

    /** Returns all records from a position on. */
    Cursor from(long position);
  }

  /** Hands out one record after the other. */
  public interface Cursor {

    /** Goes to the next record, if there is one. */
    boolean advance();

    /** Returns the value of the record. */
    byte[] value();

    /** Returns the event time of the record, in ms since the epoch. */
    long timeMillis();

    /** Returns how many records were handed out since the very first. */
    long position();
  }

  private final Supply supply;
  private final Decoder<T> decoder;
  private final Validator<T> validator;
  private final Duration maxDelay;
  // Only used while the pipeline is built.
  private final transient DeadLetters deadLetters;

  private MemoryIngestion(
      Supply supply,
      Decoder<T> decoder,
      Validator<T> validator,
      Duration maxDelay,
      DeadLetters deadLetters) {
    this.supply = supply;
    this.decoder = decoder;
    this.validator = validator;
    this.maxDelay = maxDelay;
    this.deadLetters = deadLetters;
  }

  /** Reads a supply with one reader; the watermark is the newest time less a delay. */
  public static <T> MemoryIngestion<T> of(
      Supply supply,
      Decoder<T> decoder,
      Validator<T> validator,
      Duration maxDelay,
      DeadLetters deadLetters) {
    return new MemoryIngestion<>(
        requireNonNull(supply, "supply"),
        requireNonNull(decoder, "decoder"),
        requireNonNull(validator, "validator"),
        requireNonNull(maxDelay, "maxDelay"),
        requireNonNull(deadLetters, "deadLetters"));
  }

  @Override
  public PCollection<IngestedBatch<T>> expand(PBegin begin) {
    EventTime eventTime = EventTime.ofRecordTimestamp().withMaxDelay(maxDelay);
    DecodeStep<T> step =
        new DecodeStep<>(
            decoder, validator, eventTime, deadLetters.stage(DecodeStep.DEFAULT_STAGE));
    PCollection<List<StampedRecord>> batches =
        begin.apply(
            "ReadBatches",
            Read.from(
                BatchedSource.of(
                    new SupplySource(supply, eventTime),
                    new Same(),
                    StampedBatchCoder.of(),
                    Clock.systemUTC())));
    return step.decodeTogether(batches, deadLetters);
  }

  private static final class Same
      implements SerializableFunction<List<StampedRecord>, List<StampedRecord>> {

    private static final long serialVersionUID = 1L;

    @Override
    public List<StampedRecord> apply(List<StampedRecord> stamped) {
      return stamped;
    }
  }

  private static final class SupplySource extends UnboundedSource<List<StampedRecord>, Mark> {

    private static final long serialVersionUID = 1L;

    private final Supply supply;
    private final EventTime eventTime;

    SupplySource(Supply supply, EventTime eventTime) {
      this.supply = supply;
      this.eventTime = eventTime;
    }

    @Override
    public List<SupplySource> split(int desiredNumSplits, PipelineOptions options) {
      return List.of(this);
    }

    @Override
    public UnboundedReader<List<StampedRecord>> createReader(
        PipelineOptions options, @Nullable Mark mark) {
      return new SupplyReader(this, mark == null ? 0 : mark.position());
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
      return new MarkCoder();
    }

    @Override
    public Coder<List<StampedRecord>> getOutputCoder() {
      return StampedBatchCoder.of();
    }
  }

  private record Mark(long position) implements UnboundedSource.CheckpointMark {

    @Override
    public void finalizeCheckpoint() {}
  }

  private static final class MarkCoder extends CustomCoder<Mark> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Mark mark, OutputStream out) throws IOException {
      VarLongCoder.of().encode(mark.position(), out);
    }

    @Override
    public Mark decode(InputStream in) throws IOException {
      return new Mark(VarLongCoder.of().decode(in));
    }
  }

  /** Reads several records at once, as a poll of Kafka brings them. */
  private static final class SupplyReader
      extends UnboundedSource.UnboundedReader<List<StampedRecord>> {

    private static final int AT_ONCE = 500;

    private final SupplySource source;
    private final Cursor cursor;
    private final PartitionWatermark watermark;
    private List<StampedRecord> current = List.of();
    private long leastMillis;

    SupplyReader(SupplySource source, long position) {
      this.source = source;
      this.cursor = source.supply.from(position);
      this.watermark = new PartitionWatermark(source.eventTime.maxDelay());
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      List<StampedRecord> read = new ArrayList<>(AT_ONCE);
      leastMillis = Long.MAX_VALUE;
      long offset = cursor.position();
      while (read.size() < AT_ONCE && cursor.advance()) {
        StampedRecord next = next(offset);
        leastMillis = Math.min(leastMillis, next.timestampMillis());
        read.add(next);
        offset = cursor.position();
      }
      current = read;
      return !read.isEmpty();
    }

    private StampedRecord next(long offset) {
      RawRecord raw =
          RawRecord.of(
              Origin.kafka("memory", 0, offset),
              null,
              cursor.value(),
              List.of(),
              OptionalLong.of(cursor.timeMillis()));
      EventTime.Reading reading = source.eventTime.of(raw);
      long judgedBy =
          watermark.record(
              offset, OptionalLong.of(reading.millis()), source.eventTime.nowFor(reading.millis()));
      return new StampedRecord(raw, judgedBy, reading);
    }

    @Override
    public List<StampedRecord> getCurrent() {
      if (current.isEmpty()) {
        throw new NoSuchElementException();
      }
      return current;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(leastMillis);
    }

    @Override
    public Instant getWatermark() {
      // What is left in the supply is known: this reader is never idle.
      return Instant.ofEpochMilli(watermark.look(1, Long.MIN_VALUE));
    }

    @Override
    public UnboundedSource.CheckpointMark getCheckpointMark() {
      return new Mark(cursor.position());
    }

    @Override
    public SupplySource getCurrentSource() {
      return source;
    }

    @Override
    public void close() {}
  }
}
