package org.beamtemplates.transforms.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DelegateCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A source that does what its script says, one step an advance: a record with its timestamp, or
 * nothing, or an error. Its watermark is the greatest timestamp so far.
 */
final class ScriptedSource extends UnboundedSource<Integer, ScriptedSource.Mark> {

  private static final long serialVersionUID = 1L;

  /**
   * One step.
   *
   * @param record the record, or null for nothing
   * @param takesMillis how long the reader waits for it
   */
  record Step(@Nullable Integer record, long timestampMillis, long takesMillis, boolean fails)
      implements Serializable {

    static Step of(int record, long timestampMillis) {
      return new Step(record, timestampMillis, 0, false);
    }

    static Step nothing() {
      return new Step(null, 0, 0, false);
    }

    static Step error() {
      return new Step(null, 0, 0, true);
    }

    Step after(long millis) {
      return new Step(record, timestampMillis, millis, fails);
    }
  }

  /** How many steps are done, and the watermark that was last asked for, as in KafkaIO's marks. */
  static final class Mark implements UnboundedSource.CheckpointMark {

    private final int done;
    private final long toldWatermark;
    private boolean finalized;

    Mark(int done, long toldWatermark) {
      this.done = done;
      this.toldWatermark = toldWatermark;
    }

    long toldWatermark() {
      return toldWatermark;
    }

    int done() {
      return done;
    }

    boolean isFinalized() {
      return finalized;
    }

    @Override
    public void finalizeCheckpoint() {
      finalized = true;
    }
  }

  /** Stands still, but for the steps of a script. */
  static final class ScriptClock extends Clock implements Serializable {

    private static final long serialVersionUID = 1L;

    private long millis;

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final ArrayList<Step> script;
  private final ScriptClock clock;
  private final long backlogBytes;
  private final boolean idsOfRecords;

  ScriptedSource(List<Step> script, ScriptClock clock, long backlogBytes) {
    this(script, clock, backlogBytes, false);
  }

  private ScriptedSource(
      List<Step> script, ScriptClock clock, long backlogBytes, boolean idsOfRecords) {
    this.script = new ArrayList<>(script);
    this.clock = clock;
    this.backlogBytes = backlogBytes;
    this.idsOfRecords = idsOfRecords;
  }

  /** The runner is asked to drop records whose ids it has seen. */
  ScriptedSource withIdsOfRecords() {
    return new ScriptedSource(script, clock, backlogBytes, true);
  }

  ScriptClock clock() {
    return clock;
  }

  @Override
  public boolean requiresDeduping() {
    return idsOfRecords;
  }

  @Override
  public List<ScriptedSource> split(int desiredNumSplits, PipelineOptions options) {
    // Round robin.
    List<ScriptedSource> splits = new ArrayList<>();
    for (int i = 0; i < desiredNumSplits; i++) {
      List<Step> part = new ArrayList<>();
      for (int j = i; j < script.size(); j += desiredNumSplits) {
        part.add(script.get(j));
      }
      splits.add(new ScriptedSource(part, clock, backlogBytes));
    }
    return splits;
  }

  @Override
  public UnboundedReader<Integer> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new ScriptReader(this, mark == null ? 0 : mark.done());
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return DelegateCoder.of(VarIntCoder.of(), Mark::done, done -> new Mark(done, 0));
  }

  @Override
  public Coder<Integer> getOutputCoder() {
    return VarIntCoder.of();
  }

  private static final class ScriptReader extends UnboundedReader<Integer> {

    private final ScriptedSource source;
    private int done;
    private long watermark = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    private long toldWatermark = watermark;
    private @Nullable Step current;

    ScriptReader(ScriptedSource source, int done) {
      this.source = source;
      this.done = done;
    }

    @Override
    public boolean start() throws IOException {
      return advance();
    }

    @Override
    public boolean advance() throws IOException {
      current = null;
      if (done == source.script.size()) {
        return false;
      }
      Step step = source.script.get(done++);
      source.clock.millis += step.takesMillis();
      if (step.fails()) {
        throw new IOException("as the script says");
      }
      if (step.record() == null) {
        return false;
      }
      current = step;
      watermark = Math.max(watermark, step.timestampMillis());
      return true;
    }

    @Override
    public Integer getCurrent() {
      if (current == null || current.record() == null) {
        throw new NoSuchElementException();
      }
      return current.record();
    }

    @Override
    public org.joda.time.Instant getCurrentTimestamp() {
      if (current == null) {
        throw new NoSuchElementException();
      }
      return org.joda.time.Instant.ofEpochMilli(current.timestampMillis());
    }

    @Override
    public org.joda.time.Instant getWatermark() {
      toldWatermark = watermark;
      return org.joda.time.Instant.ofEpochMilli(watermark);
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return new Mark(done, toldWatermark);
    }

    @Override
    public long getSplitBacklogBytes() {
      return source.backlogBytes;
    }

    @Override
    public ScriptedSource getCurrentSource() {
      return source;
    }

    @Override
    public void close() {}
  }
}
