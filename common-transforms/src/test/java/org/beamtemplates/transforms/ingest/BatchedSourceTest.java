package org.beamtemplates.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectStreamClass;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.beamtemplates.transforms.ingest.ScriptedSource.Mark;
import org.beamtemplates.transforms.ingest.ScriptedSource.ScriptClock;
import org.beamtemplates.transforms.ingest.ScriptedSource.Step;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

class BatchedSourceTest {

  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();
  private static final long NO_BACKLOG = 0;
  private static final long BACKLOG = 1_000;

  /** Hands records out as they are. */
  private static final class AsItIs implements SerializableFunction<Integer, List<Integer>> {
    private static final long serialVersionUID = 1L;

    @Override
    public List<Integer> apply(Integer record) {
      return List.of(record);
    }
  }

  @Test
  void aBatchIsWhatTheReaderHas() throws IOException {
    UnboundedReader<List<Integer>> reader =
        reader(source(Step.of(1, 10), Step.of(2, 20), Step.nothing(), Step.of(3, 30)), null);

    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).containsExactly(1, 2);
    // What the reader has said after its last record.
    assertThat(reader.advance()).isFalse();
    assertThatThrownBy(reader::getCurrent).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(reader::getCurrentTimestamp).isInstanceOf(NoSuchElementException.class);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).containsExactly(3);
  }

  @Test
  void aBatchHoldsNoMoreThanItsLimitAndIsFollowedByTheNextAtOnce() throws IOException {
    UnboundedReader<List<Integer>> reader =
        reader(
            source(
                IntStream.range(0, BatchedSource.MAX_RECORDS + 1)
                    .mapToObj(i -> Step.of(i, i))
                    .toArray(Step[]::new)),
            null);

    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).hasSize(BatchedSource.MAX_RECORDS);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).containsExactly(BatchedSource.MAX_RECORDS);
  }

  @Test
  void aBatchEndsWhenItsTimeIsUpThoughRecordsComeOneByOne() throws IOException {
    Step[] steps =
        IntStream.range(0, 20).mapToObj(i -> Step.of(i, i).after(5)).toArray(Step[]::new);
    UnboundedReader<List<Integer>> reader = reader(source(steps), null);

    assertThat(reader.start()).isTrue();
    // The first does not count: the reader waited for it before the batch began.
    assertThat(reader.getCurrent()).containsExactly(0, 1, 2, 3, 4);
    assertThat(reader.advance()).isFalse();
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).startsWith(5);
  }

  @Test
  void aSlowReaderThatIsBehindDoesNotPause() throws IOException {
    Step[] steps =
        IntStream.range(0, 20).mapToObj(i -> Step.of(i, i).after(5)).toArray(Step[]::new);
    UnboundedReader<List<Integer>> reader =
        reader(batched(new ScriptedSource(List.of(steps), new ScriptClock(), BACKLOG)), null);

    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).containsExactly(0, 1, 2, 3, 4);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).startsWith(5);
  }

  @Test
  void aBatchIsAsOldAsItsOldestRecord() throws IOException {
    UnboundedReader<List<Integer>> reader =
        reader(source(Step.of(1, 20), Step.of(2, 10), Step.of(3, 30)), null);

    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrentTimestamp().getMillis()).isEqualTo(10);
  }

  @Test
  void anErrorWithinABatchHandsOutNothingOfIt() throws Exception {
    BatchedSource<Integer, Integer, Mark> source =
        source(Step.of(1, 1), Step.nothing(), Step.of(2, 2), Step.error(), Step.of(3, 3));
    UnboundedReader<List<Integer>> reader = reader(source, null);
    assertThat(reader.start()).isTrue();
    assertThat(reader.advance()).isFalse();
    Mark mark = restored(source, reader);

    assertThatThrownBy(reader::advance).isInstanceOf(IOException.class);
    assertThatThrownBy(reader::getCurrent).isInstanceOf(NoSuchElementException.class);

    UnboundedReader<List<Integer>> again = reader(source, mark);
    assertThatThrownBy(again::start).isInstanceOf(IOException.class);
    assertThat(again.advance()).isTrue();
    assertThat(again.getCurrent()).containsExactly(3);
  }

  @Test
  void marksTheWatermarkThatItsRecordsHaveMoved() throws IOException {
    UnboundedReader<List<Integer>> reader = reader(source(Step.of(1, 10), Step.of(2, 20)), null);

    reader.start();

    // Nobody has asked for the watermark since.
    assertThat(((Mark) reader.getCheckpointMark()).toldWatermark()).isEqualTo(20);
  }

  @Test
  void finalizesTheMarkOfTheOtherSource() throws IOException {
    UnboundedReader<List<Integer>> reader = reader(source(Step.of(1, 1)), null);
    assertThat(reader.start()).isTrue();

    Mark mark = (Mark) reader.getCheckpointMark();
    mark.finalizeCheckpoint();

    assertThat(mark.isFinalized()).isTrue();
  }

  @Test
  void splitsAsTheOtherSourceDoesAndReadersKnowTheirSplit() throws Exception {
    List<BatchedSource<Integer, Integer, Mark>> splits =
        source(Step.of(1, 1), Step.of(2, 2), Step.of(3, 3)).split(2, OPTIONS);

    assertThat(splits).hasSize(2);
    UnboundedReader<List<Integer>> reader = reader(splits.get(0), null);
    assertThat(reader.start()).isTrue();
    assertThat(reader.getCurrent()).containsExactly(1, 3);
    assertThat(reader.getCurrentSource()).isSameAs(splits.get(0));
  }

  @Test
  void passesTheBacklogOn() throws IOException {
    UnboundedReader<List<Integer>> reader =
        reader(batched(new ScriptedSource(List.of(), new ScriptClock(), BACKLOG)), null);

    assertThat(reader.getSplitBacklogBytes()).isEqualTo(BACKLOG);
  }

  @Test
  void isSerializedIntoCheckpointsUnderAFixedVersion() {
    assertThat(ObjectStreamClass.lookup(BatchedSource.class).getSerialVersionUID()).isEqualTo(1);
    assertThat(ObjectStreamClass.lookup(IdleAwarePolicyFactory.Stamped.class).getSerialVersionUID())
        .isEqualTo(1);
    SerializableUtils.ensureSerializable(source(Step.of(1, 1)));
  }

  @Test
  void refusesASourceWhoseRecordsNeedIds() {
    ScriptedSource source =
        new ScriptedSource(List.of(), new ScriptClock(), NO_BACKLOG).withIdsOfRecords();

    assertThatThrownBy(() -> batched(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deduplicated by the runner cannot be read in batches");
  }

  /** The same as one by one: what is handed out, and the watermark at each mark. */
  @Tag("property")
  @Property
  void losesAndDoublesNothingWhereverItIsRestored(@ForAll("scripts") List<Step> script)
      throws Exception {
    BatchedSource<Integer, Integer, Mark> source = source(script.toArray(Step[]::new));
    List<Integer> all = script.stream().map(Step::record).filter(r -> r != null).toList();
    UnboundedReader<List<Integer>> reader = reader(source, null);
    List<Integer> handedOut = new ArrayList<>();

    boolean found = reader.start();
    for (boolean end = false; !end; found = reader.advance()) {
      if (found) {
        handedOut.addAll(reader.getCurrent());
      }
      assertThat(handedOut).isEqualTo(all.subList(0, handedOut.size()));
      assertThat(reader.getWatermark().getMillis())
          .isEqualTo(greatestTimestamp(script, handedOut.size()));
      List<Integer> whole = new ArrayList<>(handedOut);
      whole.addAll(rest(source, restored(source, reader), script.size()));
      assertThat(whole).isEqualTo(all);
      end = ((Mark) reader.getCheckpointMark()).done() == script.size();
    }
    assertThat(handedOut).isEqualTo(all);
  }

  @Provide
  Arbitrary<List<Step>> scripts() {
    Arbitrary<Step> records =
        Arbitraries.integers()
            .between(0, 100_000)
            .flatMap(
                record ->
                    Arbitraries.longs()
                        .between(0, 1_000)
                        .map(timestamp -> Step.of(record, timestamp)));
    Arbitrary<Step> slow =
        records.flatMap(step -> Arbitraries.longs().between(1, 30).map(step::after));
    Arbitrary<Step> mixed =
        Arbitraries.frequencyOf(
            Tuple.of(12, records),
            Tuple.of(2, slow),
            Tuple.of(1, Arbitraries.create(Step::nothing)));
    // The latter fill batches.
    return Arbitraries.oneOf(
        mixed.list().ofMaxSize(300), records.list().ofMinSize(400).ofMaxSize(1_300));
  }

  private static long greatestTimestamp(List<Step> script, int records) {
    return script.stream()
        .filter(step -> step.record() != null)
        .limit(records)
        .mapToLong(Step::timestampMillis)
        .max()
        .orElse(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
  }

  /** All that a reader at a mark hands out to the end of the script. */
  private static List<Integer> rest(
      BatchedSource<Integer, Integer, Mark> source, Mark mark, int steps) throws IOException {
    UnboundedReader<List<Integer>> reader = reader(source, mark);
    List<Integer> records = new ArrayList<>();
    boolean found = reader.start();
    while (true) {
      if (found) {
        records.addAll(reader.getCurrent());
      }
      if (((Mark) reader.getCheckpointMark()).done() == steps) {
        return records;
      }
      found = reader.advance();
    }
  }

  /** The mark of a reader as a restart finds it: encoded and decoded. */
  private static Mark restored(
      BatchedSource<Integer, Integer, Mark> source, UnboundedReader<List<Integer>> reader)
      throws IOException {
    return CoderUtils.clone(source.getCheckpointMarkCoder(), (Mark) reader.getCheckpointMark());
  }

  private static UnboundedReader<List<Integer>> reader(
      BatchedSource<Integer, Integer, Mark> source, @Nullable Mark mark) throws IOException {
    return source.createReader(OPTIONS, mark);
  }

  private static BatchedSource<Integer, Integer, Mark> source(Step... script) {
    return batched(new ScriptedSource(List.of(script), new ScriptClock(), NO_BACKLOG));
  }

  private static BatchedSource<Integer, Integer, Mark> batched(ScriptedSource source) {
    return BatchedSource.of(source, new AsItIs(), ListCoder.of(VarIntCoder.of()), source.clock());
  }
}
