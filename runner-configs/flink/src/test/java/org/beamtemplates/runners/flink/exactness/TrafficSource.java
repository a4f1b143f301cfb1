package org.beamtemplates.runners.flink.exactness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Reads {@link Traffic} as KafkaIO reads a topic: a reader has several partitions, each with a
 * watermark of its own, takes turns between them, and remembers an offset for each.
 *
 * <p>Paced, so that a job lives for several checkpoints. The last fifth of the records comes slowly
 * for as long as there are failures to come: a slow machine gets all of them as well.
 */
final class TrafficSource extends UnboundedSource<Ingested<PageEvent>, TrafficSource.Mark> {

  private static final long serialVersionUID = 1L;
  private static final int SLOWER = 50;

  private final Traffic traffic;
  private final List<Integer> partitions;
  private final int perSecond;
  private final String plan;
  private final boolean endless;

  private TrafficSource(
      Traffic traffic, List<Integer> partitions, int perSecond, String plan, boolean endless) {
    this.traffic = traffic;
    this.partitions = List.copyOf(partitions);
    this.perSecond = perSecond;
    this.plan = plan;
    this.endless = endless;
  }

  /**
   * Reads all partitions.
   *
   * @param perSecond how many records a second each partition gives
   * @param plan the failures of the job, which are told of completed checkpoints
   */
  static TrafficSource of(Traffic traffic, int perSecond, String plan) {
    return new TrafficSource(
        traffic, IntStream.range(0, traffic.partitions()).boxed().toList(), perSecond, plan, false);
  }

  /** Returns the same source, which goes on without records when all are read. */
  TrafficSource withoutEnd() {
    return new TrafficSource(traffic, partitions, perSecond, plan, true);
  }

  @Override
  public List<TrafficSource> split(int desired, PipelineOptions options) {
    List<List<Integer>> shares = new ArrayList<>();
    for (int at = 0; at < partitions.size(); at++) {
      if (at < desired) {
        shares.add(new ArrayList<>());
      }
      shares.get(at % desired).add(partitions.get(at));
    }
    return shares.stream()
        .map(share -> new TrafficSource(traffic, share, perSecond, plan, endless))
        .toList();
  }

  @Override
  public UnboundedReader<Ingested<PageEvent>> createReader(
      PipelineOptions options, @Nullable Mark mark) {
    return new Reader(this, mark == null ? null : mark.offsets);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return new MarkCoder();
  }

  @Override
  public Coder<Ingested<PageEvent>> getOutputCoder() {
    return Ingested.coder(AvroCoder.of(PageEvent.class));
  }

  /** The next offset of each partition. */
  static final class Mark implements CheckpointMark {

    private final String plan;
    private final List<Integer> offsets;

    Mark(String plan, List<Integer> offsets) {
      this.plan = plan;
      this.offsets = List.copyOf(offsets);
    }

    @Override
    public void finalizeCheckpoint() {
      Failures.of(plan).checkpointCompleted();
    }
  }

  private static final class MarkCoder extends CustomCoder<Mark> {

    private static final long serialVersionUID = 1L;
    private static final StringUtf8Coder PLAN = StringUtf8Coder.of();
    private static final ListCoder<Integer> OFFSETS = ListCoder.of(VarIntCoder.of());

    @Override
    public void encode(Mark mark, OutputStream out) throws IOException {
      PLAN.encode(mark.plan, out);
      OFFSETS.encode(mark.offsets, out);
    }

    @Override
    public Mark decode(InputStream in) throws IOException {
      return new Mark(PLAN.decode(in), OFFSETS.decode(in));
    }
  }

  private static final class Reader extends UnboundedReader<Ingested<PageEvent>> {

    private final TrafficSource source;
    private final List<List<Ingested<PageEvent>>> records = new ArrayList<>();
    private final int[] next;
    private int turn;
    private boolean ended;
    private @Nullable Ingested<PageEvent> current;
    private double allowance;
    private long paidUntilNanos;

    Reader(TrafficSource source, @Nullable List<Integer> offsets) {
      this.source = source;
      this.next = new int[source.partitions.size()];
      for (int at = 0; at < next.length; at++) {
        records.add(source.traffic.partition(source.partitions.get(at)));
        next[at] = offsets == null ? 0 : offsets.get(at);
      }
    }

    @Override
    public boolean start() {
      paidUntilNanos = System.nanoTime();
      return advance();
    }

    @Override
    public boolean advance() {
      for (int tried = 0; tried < next.length; tried++) {
        turn = (turn + 1) % next.length;
        if (next[turn] < records.get(turn).size()) {
          return isPaid() && take();
        }
      }
      ended = true;
      return false;
    }

    private boolean take() {
      allowance--;
      current = records.get(turn).get(next[turn]++);
      return true;
    }

    private boolean isPaid() {
      long now = System.nanoTime();
      double perSecond = (double) source.perSecond * next.length;
      boolean slow =
          next[turn] > records.get(turn).size() * 4 / 5 && Failures.of(source.plan).left() > 0;
      allowance += (slow ? perSecond / SLOWER : perSecond) * (now - paidUntilNanos) / 1e9;
      // No burst after a pause: it would end the run before its failures.
      allowance = Math.min(allowance, Math.max(1, perSecond / 5));
      paidUntilNanos = now;
      return allowance >= 1;
    }

    @Override
    public Ingested<PageEvent> getCurrent() {
      if (current == null) {
        throw new NoSuchElementException();
      }
      return current;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(getCurrent().value().getEventTimeMs());
    }

    @Override
    public Instant getWatermark() {
      if (ended && !source.endless) {
        return BoundedWindow.TIMESTAMP_MAX_VALUE;
      }
      long least = Long.MAX_VALUE;
      for (int at = 0; at < next.length; at++) {
        // Of a partition that is read to its end, the last record's: what comes next is the end.
        int record = Math.min(next[at], records.get(at).size() - 1);
        least = Math.min(least, records.get(at).get(record).watermarkMillis());
      }
      return Instant.ofEpochMilli(least);
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(source.plan, IntStream.of(next).boxed().toList());
    }

    @Override
    public TrafficSource getCurrentSource() {
      return source;
    }

    @Override
    public void close() {}
  }
}
