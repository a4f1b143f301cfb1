package org.beamtemplates.transforms.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.beamtemplates.transforms.upgrade.StateChange.Kind;
import org.junit.jupiter.api.Test;

class StateChangeTest {

  private static final PipelineGraph BEFORE =
      graph(
          """
          Count/Combine
            accumulator: VarLongCoder
          Count/Combine/GroupByKey
            output: KvCoder(StringUtf8Coder, IterableCoder(VarLongCoder))
          Drop
            state seen: value BooleanCoder
            timer forget: EVENT_TIME
            keyed by: BigEndianIntegerCoder
            output: StringUtf8Coder
          Read/Read(KafkaUnboundedSource)/Impulse
            output: ByteArrayCoder
          Transact
            stable input: ByteArrayCoder
            output: VoidCoder
          Trim
            output: StringUtf8Coder
          """);

  @Test
  void nothingChangesForTheSameGraph() {
    assertThat(StateChange.between(BEFORE, graph(text(BEFORE)))).isEmpty();
  }

  @Test
  void stepsWithoutStateMayComeGoAndChange() {
    PipelineGraph now =
        graph(
            text(BEFORE).replace("Trim\n  output: StringUtf8Coder", "Strip\n  output: VarIntCoder")
                + "Upper\n  output: StringUtf8Coder\n");

    assertThat(StateChange.between(BEFORE, now)).isEmpty();
    assertThat(StateChange.stateless(BEFORE, now)).isEqualTo(3);
  }

  @Test
  void aRenamedStepLosesItsState() {
    List<StateChange> changes =
        StateChange.between(BEFORE, graph(text(BEFORE).replace("Drop", "DropSeen")));

    assertThat(changes)
        .extracting(StateChange::step, StateChange::kind)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Drop", Kind.LOST),
            org.assertj.core.groups.Tuple.tuple("DropSeen", Kind.NEW));
    assertThat(changes.get(0).message())
        .isEqualTo(
            "no such step keeps it now: state seen: value BooleanCoder; timer forget: EVENT_TIME;"
                + " keyed by: BigEndianIntegerCoder");
    assertThat(StateChange.allow(changes)).isFalse();
  }

  @Test
  void anotherCoderOfACellAKeyAnAccumulatorOrAGroupCannotReadTheState() {
    assertChanged("keyed by: BigEndianIntegerCoder", "keyed by: VarIntCoder", "Drop");
    assertChanged("stable input: ByteArrayCoder", "stable input: StringUtf8Coder", "Transact");
    assertChanged("value BooleanCoder", "value VarIntCoder", "Drop");
    assertChanged("accumulator: VarLongCoder", "accumulator: VarIntCoder", "Count/Combine");
    assertChanged(
        "IterableCoder(VarLongCoder)", "IterableCoder(VarIntCoder)", "Count/Combine/GroupByKey");
  }

  private static void assertChanged(String was, String is, String step) {
    List<StateChange> changes = StateChange.between(BEFORE, graph(text(BEFORE).replace(was, is)));

    assertThat(changes).singleElement().extracting(StateChange::step).isEqualTo(step);
    assertThat(changes.get(0).kind()).isEqualTo(Kind.CHANGED);
    assertThat(changes.get(0).message()).contains(was, is);
    assertThat(StateChange.allow(changes)).isFalse();
  }

  @Test
  void aNewCellBeginsEmpty() {
    List<StateChange> changes =
        StateChange.between(
            BEFORE,
            graph(text(BEFORE).replace("  timer forget", "  state more: bag A\n  timer forget")));

    assertThat(changes).singleElement().extracting(StateChange::kind).isEqualTo(Kind.NEW);
    assertThat(StateChange.allow(changes)).isTrue();
  }

  @Test
  void aCellThatIsGoneIsAChange() {
    List<StateChange> changes =
        StateChange.between(
            BEFORE, graph(text(BEFORE).replace("  timer forget: EVENT_TIME\n", "")));

    assertThat(changes)
        .singleElement()
        .extracting(StateChange::message)
        .isEqualTo("was timer forget: EVENT_TIME, is gone");
    assertThat(StateChange.allow(changes)).isFalse();
  }

  @Test
  void aRenamedReaderLosesItsPosition() {
    List<StateChange> changes =
        StateChange.between(BEFORE, graph(text(BEFORE).replace("Read/Read(", "Ingest/Read(")));

    assertThat(changes)
        .extracting(StateChange::kind)
        .containsExactlyInAnyOrder(Kind.LOST, Kind.NEW);
    assertThat(StateChange.allow(changes)).isFalse();
  }

  @Test
  void whatIsNoGraphIsNotRead() {
    assertThatThrownBy(() -> graph("  state seen: value BooleanCoder"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state seen");
  }

  private static PipelineGraph graph(String text) {
    return PipelineGraph.parse(text.lines().toList());
  }

  private static String text(PipelineGraph graph) {
    return String.join("\n", graph.lines()) + "\n";
  }
}
