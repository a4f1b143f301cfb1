package org.beamtemplates.transforms.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class SweepsTest {

  private static final int KEYS = 50;

  // The Direct runner runs in this JVM.
  private static final AtomicInteger SWEEPS = new AtomicInteger();
  private static final AtomicInteger REMOVED = new AtomicInteger();

  @BeforeEach
  void forgetTheLastRun() {
    SWEEPS.set(0);
    REMOVED.set(0);
  }

  @Test
  void onceIsEnoughWhenTheWatermarkPassesAllAtOnce(TestPipeline pipeline) {
    TestStream.Builder<KV<Integer, String>> stream = stream();
    pipeline.apply(stream.advanceWatermarkToInfinity()).apply(ParDo.of(new RememberFn()));

    pipeline.run();

    assertThat(REMOVED).hasValue(KEYS);
    assertThat(SWEEPS).hasValue(1);
  }

  @Test
  void whatHasNotExpiredStaysUntilItHas(TestPipeline pipeline) {
    TestStream.Builder<KV<Integer, String>> stream =
        // The minutes 0 to 9 have expired, and 10 to 49 have not.
        stream().advanceWatermarkTo(minute(20));
    pipeline.apply(stream.advanceWatermarkToInfinity()).apply(ParDo.of(new RememberFn()));

    pipeline.run();

    assertThat(REMOVED).hasValue(KEYS);
    assertThat(SWEEPS).hasValue(2);
  }

  @Test
  void areAFewInALifetime() {
    Sweeps sweeps = Sweeps.of(Duration.ofMillis(400));

    assertThat(List.of(sweeps.at(1), sweeps.at(100), sweeps.at(101), sweeps.at(-50)))
        .containsExactly(100L, 100L, 200L, 0L);
  }

  /** A key in each minute, which lives for ten. */
  private static TestStream.Builder<KV<Integer, String>> stream() {
    List<TimestampedValue<KV<Integer, String>>> keys =
        IntStream.range(0, KEYS)
            .mapToObj(i -> TimestampedValue.of(KV.of(0, "key-" + i), minute(i)))
            .toList();
    TestStream.Builder<KV<Integer, String>> stream =
        TestStream.create(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()));
    for (TimestampedValue<KV<Integer, String>> key : keys) {
      stream = stream.addElements(key);
    }
    return stream;
  }

  private static Instant minute(int minute) {
    return Instant.ofEpochMilli(Duration.ofMinutes(minute).toMillis());
  }

  private static final class RememberFn extends DoFn<KV<Integer, String>, Void> {

    private static final long serialVersionUID = 1L;
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final String ENTRIES = "entries";
    private static final String DUE = "due";
    private static final String SWEEP = "sweep";

    private final Sweeps sweeps = Sweeps.of(LIFETIME);

    @StateId(ENTRIES)
    private final StateSpec<MapState<String, Long>> entriesSpec =
        StateSpecs.map(StringUtf8Coder.of(), BigEndianLongCoder.of());

    @StateId(DUE)
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(BigEndianLongCoder.of());

    @TimerId(SWEEP)
    private final TimerSpec sweepSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @ProcessElement
    public void process(
        @Element KV<Integer, String> element,
        @Timestamp Instant timestamp,
        @StateId(ENTRIES) MapState<String, Long> entries,
        @StateId(DUE) ValueState<Long> due,
        @TimerId(SWEEP) Timer sweep) {
      long expires = Sweeps.after(timestamp.getMillis(), LIFETIME.toMillis());
      entries.put(element.getValue(), expires);
      sweeps.schedule(expires, due, sweep);
    }

    @OnTimer(SWEEP)
    public void sweep(
        @StateId(ENTRIES) MapState<String, Long> entries,
        @StateId(DUE) ValueState<Long> due,
        @TimerId(SWEEP) Timer sweep) {
      SWEEPS.incrementAndGet();
      REMOVED.addAndGet(sweeps.sweep(entries, Long::longValue, due, sweep));
    }
  }
}
