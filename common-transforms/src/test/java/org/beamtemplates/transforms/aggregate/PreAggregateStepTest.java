package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.testing.Records;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An element is its key; windows are 10 ms long. */
class PreAggregateStepTest {

  private static final int BUCKETS = 4;

  private final Records records = Records.ofTopic("elements", 0);
  private final TupleTag<LateElement<String>> late = Results.tag("late");
  private final PreAggregateStep<String, String, int[]> step =
      new PreAggregateStep<>(
          AggregationSpec.<String, String>by(key -> key, StringUtf8Coder.of())
              .in(FixedWindows.of(Duration.millis(10))),
          new CountInPlaceFn(),
          Buckets.of(StringUtf8Coder.of(), BUCKETS),
          late);
  private final List<Sent> sent = new ArrayList<>();
  private final List<LateElement<String>> sentLate = new ArrayList<>();

  @BeforeEach
  void start() {
    step.setUp();
    step.clear();
  }

  @Test
  void sendsAHotKeyOnceForEachBundleAndWindow() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      process("hot", i % 20);
    }
    step.drain(this::send);

    assertThat(sent).extracting(Sent::timestampMillis).containsExactlyInAnyOrder(0L, 10L);
    for (Sent one : sent) {
      assertThat(one.batch().keys()).hasSize(1);
      assertThat(one.batch().keys().get(0).getValue().count()).isEqualTo(500);
      assertThat(one.batch().keys().get(0).getValue().accumulator()).containsExactly(500);
    }
  }

  @Test
  void holdsAtMostSoManyKeysOfAllWindowsTogether() throws Exception {
    int keys = 300_000;
    int most = 0;
    for (int key = 0; key < keys; key++) {
      process("key-" + key, key % 50);
      most = Math.max(most, key + 1 - sentKeys());
    }
    int midway = sentKeys();
    step.drain(this::send);

    assertThat(most).isLessThan(BundleBuffer.MAX_KEYS);
    assertThat(midway).isEqualTo(keys);
    assertThat(sentKeys()).isEqualTo(keys);
    assertThat(sent).hasSize(keys / BundleBuffer.MAX_KEYS * 5 * BUCKETS);
  }

  @Test
  void losesNothingBetweenTwoDrainsOfABundle() throws Exception {
    int keys = BundleBuffer.MAX_KEYS + 7;
    for (int key = 0; key < keys; key++) {
      process("key-" + key, 3);
      process("hot", 4);
    }
    step.drain(this::send);

    Map<String, Long> counts = new HashMap<>();
    for (Sent one : sent) {
      for (KV<String, Counted<int[]>> key : one.batch().keys()) {
        counts.merge(key.getKey(), key.getValue().count(), Long::sum);
        assertThat(key.getValue().accumulator()).containsExactly((int) key.getValue().count());
      }
    }
    assertThat(counts).hasSize(keys + 1).containsEntry("hot", (long) keys);
    assertThat(counts.values().stream().mapToLong(count -> count).sum()).isEqualTo(2L * keys);
  }

  @Test
  void sendsEachWindowWithItsOwnLeastTimestamp() throws Exception {
    process("a", 17);
    process("b", 5);
    process("a", 12);
    process("a", 8);
    step.drain(this::send);

    for (Sent one : sent) {
      long start = ((IntervalWindow) one.batch().window()).start().getMillis();
      assertThat(one.timestampMillis()).isEqualTo(start == 0 ? 5 : 12);
    }
    assertThat(sentKeys()).isEqualTo(3);
  }

  @Test
  void forgetsTheBundleBeforeIfThatHasFailed() throws Exception {
    process("a", 1);
    step.clear();
    process("b", 1);
    step.drain(this::send);

    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).batch().keys().get(0).getKey()).isEqualTo("b");
  }

  @Test
  void leavesWhatItHasHandedOutAlone() throws Exception {
    process("a", 1);
    step.drain(this::send);
    int[] handedOut = sent.get(0).batch().keys().get(0).getValue().accumulator();
    step.clear();
    process("a", 1);
    process("a", 1);
    step.drain(this::send);

    assertThat(handedOut).containsExactly(1);
  }

  @Test
  void givesBackWhatIsTooLateAndHoldsNothingOfIt() throws Exception {
    step.add(records.ingested("a", 9), 3, batches(), mayBeLate());
    step.add(records.ingested("b", 10), 3, batches(), mayBeLate());
    step.drain(this::send);

    assertThat(sentKeys()).isEqualTo(1);
    assertThat(sentLate).extracting(one -> one.element().value()).containsExactly("b");
  }

  private record Sent(WindowBatch<String, int[]> batch, long timestampMillis) {}

  private int sentKeys() {
    return sent.stream().mapToInt(one -> one.batch().keys().size()).sum();
  }

  private void process(String key, long millis) throws Exception {
    step.add(records.ingested(key), millis, batches(), mayBeLate());
  }

  private OutputReceiver<KV<Integer, WindowBatch<String, int[]>>> batches() {
    return new Receiver<>(this::send);
  }

  private void send(KV<Integer, WindowBatch<String, int[]>> batch, Instant timestamp) {
    sent.add(new Sent(batch.getValue(), timestamp.getMillis()));
  }

  private MultiOutputReceiver mayBeLate() {
    return new MultiOutputReceiver() {
      @Override
      public <T> OutputReceiver<T> get(TupleTag<T> tag) {
        assertThat(tag).isEqualTo(late);
        return new Receiver<>((element, none) -> sentLate.add(asLate(element)));
      }

      @Override
      public <T> OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @SuppressWarnings("unchecked") // the tag is that of late elements
  private static LateElement<String> asLate(Object element) {
    return (LateElement<String>) element;
  }

  /** Takes outputs as they are. */
  private record Receiver<T>(BiConsumer<T, Instant> to) implements OutputReceiver<T> {

    @Override
    public OutputBuilder<T> builder(T value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void output(T value) {
      to.accept(value, Instant.EPOCH);
    }

    @Override
    public void outputWithTimestamp(T value, Instant timestamp) {
      to.accept(value, timestamp);
    }
  }

  /** Counts, and changes its accumulators wherever Beam lets it. */
  private static final class CountInPlaceFn extends CombineFn<String, int[], Integer> {

    private static final long serialVersionUID = 1L;

    @Override
    public int[] createAccumulator() {
      return new int[1];
    }

    @Override
    public int[] addInput(int[] count, String input) {
      count[0]++;
      return count;
    }

    @Override
    public int[] mergeAccumulators(Iterable<int[]> counts) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Integer extractOutput(int[] count) {
      return count[0];
    }
  }
}
