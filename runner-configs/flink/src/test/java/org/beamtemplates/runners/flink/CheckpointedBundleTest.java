package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.aggregate.Strategy;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bundle that is open when a checkpoint comes: what it holds must leave before the watermark that
 * came meanwhile. By default the runner keeps it in a buffer, which the next element or watermark
 * of the input empties, and a watermark that the end of the bundle's time lets go does not.
 */
class CheckpointedBundleTest {

  private static final int WINDOWS = 20;

  /** Longer than the time of a bundle, and than half of it more, when its end is looked for. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  @TempDir private Path checkpoints;

  /** Each half second brings the last element of a window and the first of the next, no more. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1_000})
  void leavesBeforeTheWatermarkThoughTheInputIsSilent(long latenessMillis) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    ShippedOptions.with(
                        "--parallelism=1",
                        "--checkpointingInterval=20",
                        "--minPauseBetweenCheckpoints=0",
                        "--stateBackendStoragePath=" + checkpoints.toUri(),
                        // Before the checkpoint, and not in the midst of the silence.
                        "--autoWatermarkInterval=5"))
                .create());
    Gathered<WindowResult<String, Long>> results =
        Gathered.of(
            pipeline
                // With a step between, the end of its bundle would send the watermark once more.
                .apply(Read.from(new Pairs()))
                .apply(
                    WindowedAggregation.by((String key) -> key, StringUtf8Coder.of())
                        .inFixedWindows(Duration.ofSeconds(1))
                        .withAllowedLateness(Duration.ofMillis(latenessMillis))
                        .with(Strategy.TWO_LEVEL)
                        .combining(Count.combineFn()))
                .results());

    try (RunningPipeline job = RunningPipeline.start(pipeline)) {
      job.await(() -> results.elements().size() >= WINDOWS);

      assertThat(job.dropped()).isZero();
      List<WindowResult<String, Long>> panes = results.elements();
      assertThat(panes).allSatisfy(pane -> assertThat(pane.timing()).isEqualTo(Timing.ON_TIME));
      assertThat(panes)
          .extracting(WindowResult::windowStartMillis)
          .containsExactlyElementsOf(
              LongStream.range(0, panes.size()).mapToObj(second -> second * 1_000).toList());
      assertThat(panes.subList(1, panes.size()))
          .allSatisfy(pane -> assertThat(pane.value()).isEqualTo(2));
    }
  }

  /** At 999 and 1000, 1999 and 2000, and so on, each pair at once. */
  private static final class Pairs extends UnboundedSource<Ingested<String>, Mark> {

    private static final long serialVersionUID = 1L;

    @Override
    public List<Pairs> split(int desiredNumSplits, PipelineOptions options) {
      return List.of(this);
    }

    @Override
    public UnboundedReader<Ingested<String>> createReader(
        PipelineOptions options, @Nullable Mark mark) {
      return new PairsReader(this, mark == null ? 0 : mark.next());
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
      return SerializableCoder.of(Mark.class);
    }

    @Override
    public Coder<Ingested<String>> getOutputCoder() {
      return Ingested.coder(StringUtf8Coder.of());
    }
  }

  private record Mark(long next) implements UnboundedSource.CheckpointMark, Serializable {

    @Override
    public void finalizeCheckpoint() {}
  }

  private static final class PairsReader extends UnboundedSource.UnboundedReader<Ingested<String>> {

    private final Pairs source;
    private final long startNanos = System.nanoTime();
    private long next;

    PairsReader(Pairs source, long next) {
      this.source = source;
      this.next = next;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      Duration passed = Duration.ofNanos(System.nanoTime() - startNanos);
      if (next / 2 >= passed.dividedBy(SILENCE)) {
        return false;
      }
      next++;
      return true;
    }

    @Override
    public Ingested<String> getCurrent() {
      return Ingested.of("key", Origin.none());
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(next / 2 * 1_000 + (next % 2 == 0 ? 0 : 999));
    }

    @Override
    public Instant getWatermark() {
      return next == 0 ? BoundedWindow.TIMESTAMP_MIN_VALUE : getCurrentTimestamp();
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(next);
    }

    @Override
    public Pairs getCurrentSource() {
      return source;
    }

    @Override
    public void close() {}
  }
}
