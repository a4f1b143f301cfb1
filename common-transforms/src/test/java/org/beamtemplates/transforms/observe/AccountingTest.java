package org.beamtemplates.transforms.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.transforms.observe.Accounting.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestPipelineExtension.class)
class AccountingTest {

  private static final List<String> ALL =
      List.of("in", "out", "dead", "filtered", "duplicate", "late");

  @Test
  void addsUpEveryFateOfEveryStage(TestPipeline pipeline) {
    count(
        pipeline,
        "ingest",
        "in",
        "in",
        "in",
        "in",
        "in",
        "out",
        "dead",
        "filtered",
        "duplicate",
        "late");
    count(pipeline, "deliver", "in", "out");

    Accounting accounting = Accounting.of(pipeline.run().metrics());

    assertThat(accounting.stage("ingest")).isEqualTo(new Stage("ingest", 5, 1, 1, 1, 1, 1));
    assertThat(accounting.stages())
        .containsExactly(
            new Stage("ingest", 5, 1, 1, 1, 1, 1), new Stage("deliver", 1, 1, 0, 0, 0, 0));
    assertThat(accounting.balances()).isTrue();
  }

  @Test
  void showsTheIdentityAsATable(TestPipeline pipeline) {
    count(pipeline, "ingest", "in", "in", "out", "dead");
    count(pipeline, "deliver", "in");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      Accounting accounting = Accounting.of(pipeline.run().metrics());

      assertThat(accounting.toString())
          .isEqualToNormalizingNewlines(
              """
              stage                  in =        out +     dead + filtered + duplicate +     late
              ingest                  2 =          1 +        1 +        0 +         0 +        0
              deliver                 1 =          0 +        0 +        0 +         0 +        0   DOES NOT ADD UP
              """);
      assertThat(accounting.balances()).isFalse();
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void noticesEachFateThatIsMissing() {
    assertThat(new Stage("s", 15, 1, 2, 3, 4, 5).balances()).isTrue();
    assertThat(new Stage("s", 14, 1, 2, 3, 4, 5).balances()).isFalse();
    assertThat(new Stage("s", 15, 0, 2, 3, 4, 5).balances()).isFalse();
    assertThat(new Stage("s", 15, 1, 0, 3, 4, 5).balances()).isFalse();
    assertThat(new Stage("s", 15, 1, 2, 0, 4, 5).balances()).isFalse();
    assertThat(new Stage("s", 15, 1, 2, 3, 0, 5).balances()).isFalse();
    assertThat(new Stage("s", 15, 1, 2, 3, 4, 0).balances()).isFalse();
  }

  @Test
  void knowsNothingOfAStageThatCountedNothing(TestPipeline pipeline) {
    count(pipeline, "ingest", "in", "out");

    assertThat(Accounting.of(pipeline.run().metrics()).stage("other"))
        .isEqualTo(new Stage("other", 0, 0, 0, 0, 0, 0));
  }

  @Test
  void leavesOtherCountersAlone(TestPipeline pipeline) {
    pipeline
        .apply(Create.of(1))
        .apply(
            ParDo.of(
                new ForeignFn(
                    Set.of(
                        Metrics.counter(StageCounters.NAMESPACE, "in"),
                        Metrics.counter(StageCounters.NAMESPACE, "ingest.seen"),
                        Metrics.counter("other", "ingest.in")))));

    assertThat(Accounting.of(pipeline.run().metrics()).stages()).isEmpty();
  }

  @Test
  void hasAFateForEveryCounter() {
    for (Fate fate : Fate.values()) {
      assertThat(ALL).contains(fate.label());
    }
    assertThat(Fate.values()).hasSameSizeAs(ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ingest", "enrich-2", "a1-b2"})
  void takesPlainNames(String name) {
    assertThat(StageCounters.of(name).stage()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ingest", "1st", "-a", "a.b", "a b", "a_b", "ä", "a\n"})
  void refusesNamesThatARunnerWouldChangeOrThatCannotBeToldApart(String name) {
    assertThatThrownBy(() -> StageCounters.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a stage is named with lower-case letters, digits and dashes, not '" + name + "'");
  }

  private static void count(TestPipeline pipeline, String stage, String... fates) {
    pipeline
        .apply("Create-" + stage, Create.of(List.of(fates)))
        .apply("Count-" + stage, ParDo.of(new CountFn(stage)));
  }

  private static final class CountFn extends DoFn<String, Void> {

    private static final long serialVersionUID = 1L;

    private final StageCounters counters;

    CountFn(String stage) {
      this.counters = StageCounters.of(stage);
    }

    @ProcessElement
    public void process(@Element String fate) {
      switch (fate) {
        case "in" -> counters.in();
        case "out" -> counters.out();
        case "dead" -> counters.dead();
        case "filtered" -> counters.filtered();
        case "duplicate" -> counters.duplicate();
        case "late" -> counters.late();
        default -> throw new IllegalArgumentException(fate);
      }
    }
  }

  private static final class ForeignFn extends DoFn<Integer, Void> {

    private static final long serialVersionUID = 1L;

    private final Set<Counter> counters;

    ForeignFn(Set<Counter> counters) {
      this.counters = counters;
    }

    @ProcessElement
    public void process() {
      counters.forEach(Counter::inc);
    }
  }
}
