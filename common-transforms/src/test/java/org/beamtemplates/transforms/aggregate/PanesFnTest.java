package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Merges leave what was handed in or out alone, with a function that changes what it may. */
@Tag("property")
class PanesFnTest {

  private static final BoundedWindow FIRST = window(0, 20);
  private static final BoundedWindow SECOND = window(10, 30);
  private static final BoundedWindow THIRD = window(20, 40);

  private final GatherInPlaceFn gather = new GatherInPlaceFn();

  @Test
  void aBatchChangesNeitherWhatIsKeptNorItself() throws Exception {
    PanesFn<String, List<String>, String> panes =
        new PanesFn<>(
            AggregationSpec.<String, String>by(key -> key, StringUtf8Coder.of()),
            gather,
            new CountedFn<>(gather)
                .getAccumulatorCoder(CoderRegistry.createDefault(), StringUtf8Coder.of()));
    Counted<List<String>> kept = new Counted<>(1, listOf("a"));
    Counted<List<String>> partial = new Counted<>(1, listOf("b"));

    Counted<List<String>> merged = panes.merged(kept, partial);

    assertThat(merged).isEqualTo(new Counted<>(2, List.of("a", "b")));
    assertThat(kept.accumulator()).containsExactly("a");
    assertThat(partial.accumulator()).containsExactly("b");
  }

  /** It would after the end of the window, too, until it fires. */
  @Test
  void theTimerOfEarlyPanesHoldsNoWatermarkBack() throws Exception {
    PanesFn<String, List<String>, String> panes =
        new PanesFn<>(
            AggregationSpec.<String, String>by(key -> key, StringUtf8Coder.of())
                .withEarlyEvery(Duration.ofSeconds(10)),
            gather,
            new CountedFn<>(gather)
                .getAccumulatorCoder(CoderRegistry.createDefault(), StringUtf8Coder.of()));
    FakeCells.At end = new FakeCells.At(Instant.EPOCH);
    FakeCells.At early = new FakeCells.At(Instant.EPOCH);

    panes.process(
        KV.of(0, new WindowBatch<>(FIRST, List.of(KV.of("a", new Counted<>(1, listOf("a")))))),
        FIRST,
        new FakeCells.OfMap<>(),
        new FakeCells.OfSet<>(),
        new FakeCells.Value<>(),
        end,
        early,
        new FakeCells.Outputs<>());

    assertThat(end.isSetAndHolds()).isTrue();
    assertThat(early.isSet()).isTrue();
    assertThat(early.isSetAndHolds()).isFalse();
  }

  @Test
  void sessionsChangeNeitherWhatIsKeptNorWhatComes() {
    SessionPanes<List<String>> rules =
        new SessionPanes<>(
            gather, SessionTimes.of(Duration.ofMillis(10), Duration.ofMillis(100)), true);
    Session<List<String>> first = new Session<>(0, 10, listOf("a"));
    Session<List<String>> between = new Session<>(5, 15, listOf("b"));

    List<KeptSession<List<String>>> kept = rules.merge(List.of(), List.of(first));
    List<KeptSession<List<String>>> merged = rules.merge(kept, List.of(between));

    assertThat(merged.get(0).accumulator()).containsExactly("a", "b");
    assertThat(kept.get(0).accumulator()).containsExactly("a");
    assertThat(first.accumulator()).containsExactly("a");
    assertThat(between.accumulator()).containsExactly("b");
  }

  @Test
  void aSlotGoesToEachOfItsWindowsAndIsMergedOnceForEach() {
    SlotBuffer<String, String, List<String>> buffer =
        new SlotBuffer<>(gather, Buckets.of(StringUtf8Coder.of(), 4));
    buffer.add(List.of(SECOND, THIRD), "key", 25, "c");
    buffer.add(List.of(FIRST), "key", 5, "a");
    buffer.add(List.of(FIRST, SECOND), "key", 15, "b");
    buffer.add(List.of(SECOND, THIRD), "key", 22, "d");
    // The rest of its windows was closed.
    buffer.add(List.of(SECOND), "key", 12, "e");
    Map<BoundedWindow, KV<List<String>, Long>> sent = new HashMap<>();

    buffer.drain(
        (batch, timestamp) -> {
          Counted<List<String>> counted = batch.getValue().keys().get(0).getValue();
          assertThat(batch.getValue().keys()).hasSize(1);
          assertThat(counted.count()).isEqualTo(counted.accumulator().size());
          assertThat(sent).doesNotContainKey(batch.getValue().window());
          sent.put(batch.getValue().window(), KV.of(counted.accumulator(), timestamp.getMillis()));
        });

    assertThat(gather.added).isEqualTo(5);
    assertThat(sent).containsOnlyKeys(FIRST, SECOND, THIRD);
    assertThat(sent.get(FIRST).getKey()).containsExactlyInAnyOrder("a", "b");
    assertThat(sent.get(SECOND).getKey()).containsExactlyInAnyOrder("b", "c", "d", "e");
    assertThat(sent.get(THIRD).getKey()).containsExactly("c", "d");
    assertThat(sent.get(FIRST).getValue()).isEqualTo(5);
    assertThat(sent.get(SECOND).getValue()).isEqualTo(12);
    assertThat(sent.get(THIRD).getValue()).isEqualTo(22);
  }

  @Test
  void theKeysOfAllSlotsAreBounded() {
    SlotBuffer<String, String, List<String>> buffer =
        new SlotBuffer<>(gather, Buckets.of(StringUtf8Coder.of(), 4));
    for (int i = 0; i < BundleBuffer.MAX_KEYS; i++) {
      assertThat(buffer.isFull()).isFalse();
      List<BoundedWindow> slot = i % 2 == 0 ? List.of(FIRST, SECOND) : List.of(SECOND, THIRD);
      buffer.add(slot, "key-" + i / 2, 15, "a");
    }

    assertThat(buffer.isFull()).isTrue();
  }

  private static BoundedWindow window(long start, long end) {
    return new IntervalWindow(Instant.ofEpochMilli(start), Instant.ofEpochMilli(end));
  }

  private static List<String> listOf(String value) {
    return new ArrayList<>(List.of(value));
  }

  /** Gathers what comes in the first list that it is given. */
  private static final class GatherInPlaceFn extends CombineFn<String, List<String>, String> {

    private static final long serialVersionUID = 1L;

    private int added;

    @Override
    public List<String> createAccumulator() {
      return new ArrayList<>();
    }

    @Override
    public List<String> addInput(List<String> gathered, String input) {
      added++;
      gathered.add(input);
      return gathered;
    }

    @Override
    public List<String> mergeAccumulators(Iterable<List<String>> several) {
      List<String> first = null;
      for (List<String> one : several) {
        if (first == null) {
          first = one;
        } else {
          first.addAll(one);
        }
      }
      return first;
    }

    @Override
    public Coder<List<String>> getAccumulatorCoder(
        CoderRegistry registry, Coder<String> inputCoder) {
      return ListCoder.of(inputCoder);
    }

    @Override
    public String extractOutput(List<String> gathered) {
      return String.join(",", gathered);
    }
  }
}
