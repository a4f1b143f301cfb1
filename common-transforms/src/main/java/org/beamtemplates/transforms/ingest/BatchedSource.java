package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Another source, read in batches: one advance drains what its reader has, {@link #MAX_RECORDS}
 * records and about {@link #MAX_MILLIS} ms. What a runner does for each element of a source, such
 * as publishing all metrics, it does once for a batch then.
 *
 * <p>A record of the other source can stand for several, which are never torn apart.
 *
 * <p>Nothing is read ahead: between two batches the reader stands behind the last record of the
 * first, so that its marks, its watermark and its backlog are passed on as they are. A batch has
 * the least timestamp of its records, and is handed out before anyone sees the watermark that they
 * have moved. What consumes it must give each record its own timestamp again, and must not group or
 * window the batch itself.
 *
 * <p>A reader whose last batch was all that there was says so at the next advance, as it would have
 * without batches. In that pause the Flink runner can send watermarks, which it does not while a
 * bundle is open; it lasts 50 ms at most, and what comes meanwhile is in the next batch.
 *
 * <p>It is Java-serialized into checkpoints together with the other source.
 *
 * @param <T> type of the other source's records
 * @param <R> type of what is handed out of each record
 * @param <C> type of the other source's marks
 */
final class BatchedSource<T, R, C extends CheckpointMark> extends UnboundedSource<List<R>, C> {

  private static final long serialVersionUID = 1L;

  static final int MAX_RECORDS = 500;
  static final long MAX_MILLIS = 20;

  /** The clock is asked for each of the first records, and then each time after as many. */
  private static final int CLOCK_EVERY = 8;

  private final UnboundedSource<T, C> source;
  private final SerializableFunction<T, List<R>> convert;
  private final Coder<List<R>> coder;
  private final Clock clock;

  private BatchedSource(
      UnboundedSource<T, C> source,
      SerializableFunction<T, List<R>> convert,
      Coder<List<R>> coder,
      Clock clock) {
    this.source = source;
    this.convert = convert;
    this.coder = coder;
    this.clock = clock;
  }

  /**
   * Reads a source in batches.
   *
   * @param convert returns what is handed out of a record; called in the reader, once for each; not
   *     a lambda, whose serialized form changes with the code around it
   * @param clock measures how long a batch takes; must be serializable
   * @throws IllegalArgumentException if the source needs ids of records, which a batch has not
   */
  static <T, R, C extends CheckpointMark> BatchedSource<T, R, C> of(
      UnboundedSource<T, C> source,
      SerializableFunction<T, List<R>> convert,
      Coder<List<R>> coder,
      Clock clock) {
    if (source.requiresDeduping() || source.offsetBasedDeduplicationSupported()) {
      throw new IllegalArgumentException(
          "a source whose records are deduplicated by the runner cannot be read in batches, which"
              + " have no record ids: "
              + source);
    }
    return new BatchedSource<>(
        requireNonNull(source, "source"),
        requireNonNull(convert, "convert"),
        requireNonNull(coder, "coder"),
        requireNonNull(clock, "clock"));
  }

  private BatchedSource<T, R, C> with(UnboundedSource<T, C> other) {
    return other == source ? this : new BatchedSource<>(other, convert, coder, clock);
  }

  @Override
  public List<BatchedSource<T, R, C>> split(int desiredNumSplits, PipelineOptions options)
      throws Exception {
    List<BatchedSource<T, R, C>> splits = new ArrayList<>();
    for (UnboundedSource<T, C> split : source.split(desiredNumSplits, options)) {
      splits.add(with(split));
    }
    return splits;
  }

  @Override
  public UnboundedReader<List<R>> createReader(PipelineOptions options, @Nullable C mark)
      throws IOException {
    return new BatchReader<>(this, source.createReader(options, mark));
  }

  @Override
  public Coder<C> getCheckpointMarkCoder() {
    return source.getCheckpointMarkCoder();
  }

  @Override
  public Coder<List<R>> getOutputCoder() {
    return coder;
  }

  @Override
  public void validate() {
    source.validate();
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.include("source", source);
  }

  private static final class BatchReader<T, R, C extends CheckpointMark>
      extends UnboundedReader<List<R>> {

    private final BatchedSource<T, R, C> source;
    private final UnboundedReader<T> reader;
    private @Nullable List<R> batch;
    private @Nullable Instant leastTimestamp;
    private boolean drained;

    BatchReader(BatchedSource<T, R, C> source, UnboundedReader<T> reader) {
      this.source = source;
      this.reader = reader;
    }

    @Override
    public boolean start() throws IOException {
      return drain(reader.start());
    }

    @Override
    public boolean advance() throws IOException {
      if (drained) {
        drained = false;
        return drain(false);
      }
      return drain(reader.advance());
    }

    private boolean drain(boolean found) throws IOException {
      batch = null;
      leastTimestamp = null;
      if (!found) {
        return false;
      }
      long deadline = source.clock.millis() + MAX_MILLIS;
      List<R> records = new ArrayList<>();
      Instant least = reader.getCurrentTimestamp();
      boolean more = true;
      int reads = 0;
      while (more) {
        Instant timestamp = reader.getCurrentTimestamp();
        if (timestamp.getMillis() < least.getMillis()) {
          least = timestamp;
        }
        records.addAll(source.convert.apply(reader.getCurrent()));
        reads++;
        if (records.size() >= MAX_RECORDS) {
          break;
        }
        if (isTimeUp(reads, deadline)) {
          // Records came one by one, or reading them takes long: then there are more to be read.
          drained = reader.getSplitBacklogBytes() <= 0;
          break;
        }
        more = reader.advance();
        drained = !more;
      }
      batch = records;
      leastTimestamp = least;
      return true;
    }

    private boolean isTimeUp(int reads, long deadline) {
      boolean look = reads <= CLOCK_EVERY || reads % CLOCK_EVERY == 0;
      return look && source.clock.millis() >= deadline;
    }

    @Override
    public List<R> getCurrent() {
      if (batch == null) {
        throw new NoSuchElementException();
      }
      return batch;
    }

    @Override
    public Instant getCurrentTimestamp() {
      if (leastTimestamp == null) {
        throw new NoSuchElementException();
      }
      return leastTimestamp;
    }

    @Override
    public Instant getWatermark() {
      return reader.getWatermark();
    }

    /**
     * KafkaIO's mark holds the watermark that its reader was last asked for, while its offsets are
     * those of the last record: a reader that goes on from it would judge its first records by a
     * watermark from before others, and accept what had been too late.
     */
    @Override
    public CheckpointMark getCheckpointMark() {
      reader.getWatermark();
      return reader.getCheckpointMark();
    }

    @Override
    public long getSplitBacklogBytes() {
      return reader.getSplitBacklogBytes();
    }

    @Override
    public long getTotalBacklogBytes() {
      return reader.getTotalBacklogBytes();
    }

    // A reader tells the source that it was made by.
    @SuppressWarnings("unchecked")
    @Override
    public UnboundedSource<List<R>, ?> getCurrentSource() {
      return source.with((UnboundedSource<T, C>) reader.getCurrentSource());
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
