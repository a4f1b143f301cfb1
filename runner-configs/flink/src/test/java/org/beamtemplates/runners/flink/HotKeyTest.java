package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.transforms.WithTimestamps;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.aggregate.Strategy;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Where a key with half of the stream is combined. */
class HotKeyTest {

  private static final long ELEMENTS = 200_000;
  private static final Pattern SUBTASK = Pattern.compile("\\((\\d)/2\\)");

  // Flink runs in this JVM.
  private static final Map<String, LongAdder> ADDED_BY_SUBTASK = new ConcurrentHashMap<>();
  private static final LongAdder MERGED = new LongAdder();

  @Test
  void aKeyWithHalfOfTheStreamKeepsBothSubtasksBusy() {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--runner=FlinkRunner",
                    "--flinkMaster=[local]",
                    "--streaming=true",
                    "--parallelism=2",
                    "--objectReuse=true",
                    "--maxBundleSize=1000",
                    "--shutdownSourcesAfterIdleMs=0")
                .create());
    Gathered<WindowResult<String, Long>> results =
        Gathered.of(
            pipeline
                .apply(GenerateSequence.from(0).to(ELEMENTS))
                .apply(WithTimestamps.of((Long number) -> Instant.ofEpochMilli(number)))
                .apply(MapElements.via(new ToEvent()))
                .setCoder(Ingested.coder(StringUtf8Coder.of()))
                .apply(
                    WindowedAggregation.by((String key) -> key, StringUtf8Coder.of())
                        .inFixedWindows(Duration.ofHours(1))
                        .with(Strategy.TWO_LEVEL)
                        .combining(new CountFn()))
                .results());

    pipeline.run().waitUntilFinish();

    assertThat(results.elements())
        .filteredOn(result -> result.key().equals("hot"))
        .singleElement()
        .satisfies(result -> assertThat(result.value()).isEqualTo(ELEMENTS / 2));
    assertThat(ADDED_BY_SUBTASK).containsOnlyKeys("1", "2");
    assertThat(ADDED_BY_SUBTASK.values())
        .allSatisfy(added -> assertThat(added.sum()).isGreaterThan(ELEMENTS / 5));
    // A partial for each bundle, and not an element for each record, goes to the one that merges.
    assertThat(MERGED.sum()).isLessThan(ELEMENTS / 2 / 100);
  }

  /** Every second element has the same key. */
  private static final class ToEvent extends SimpleFunction<Long, Ingested<String>> {

    private static final long serialVersionUID = 1L;

    @Override
    public Ingested<String> apply(Long number) {
      return Ingested.of(number % 2 == 0 ? "hot" : "key-" + number % 100_001, Origin.none());
    }
  }

  /** Counts, and takes note of the subtask that does it. */
  private static final class CountFn extends CombineFn<String, Long, Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long addInput(Long count, String key) {
      if (key.equals("hot")) {
        Matcher subtask = SUBTASK.matcher(Thread.currentThread().getName());
        assertThat(subtask.find()).isTrue();
        ADDED_BY_SUBTASK.computeIfAbsent(subtask.group(1), any -> new LongAdder()).increment();
      }
      return count + 1;
    }

    @Override
    public Long mergeAccumulators(Iterable<Long> counts) {
      long sum = 0;
      for (Long count : counts) {
        sum += count;
      }
      // No other key has that many.
      if (sum >= 100) {
        MERGED.increment();
      }
      return sum;
    }

    @Override
    public Long extractOutput(Long count) {
      return count;
    }

    @Override
    public Coder<Long> getAccumulatorCoder(CoderRegistry registry, Coder<String> input) {
      return VarLongCoder.of();
    }

    @Override
    public Coder<Long> getDefaultOutputCoder(CoderRegistry registry, Coder<String> input) {
      return VarLongCoder.of();
    }
  }
}
