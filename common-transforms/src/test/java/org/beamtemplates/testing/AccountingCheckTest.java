package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.transforms.observe.StageCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class AccountingCheckTest {

  @Test
  void takesWhatAddsUp(TestPipeline pipeline) {
    assertAccounting(counted(pipeline, "iiiiiodful"))
        .balances()
        .dropsNothing()
        .stage("ingest")
        .in(5)
        .out(1)
        .dead(1)
        .filtered(1)
        .duplicate(1)
        .late(1)
        .nothingElse();
  }

  @Test
  void failsForWhatDoesNotAddUp(TestPipeline pipeline) {
    PipelineResult result = counted(pipeline, "iio");

    assertFails(() -> assertAccounting(result).balances(), "does not add up", "DOES NOT ADD UP");
  }

  @Test
  void failsIfNothingWasCounted(TestPipeline pipeline) {
    PipelineResult result = counted(pipeline, "x");

    assertFails(() -> assertAccounting(result).balances(), "No stage has counted anything");
  }

  @Test
  void failsForWhatBeamDropped(TestPipeline pipeline) {
    PipelineResult result = counted(pipeline, "ioxx");

    assertFails(() -> assertAccounting(result).dropsNothing(), "dropped 2 elements", "ingest");
  }

  @Test
  void failsForEachCounterThatIsDifferentAndShowsTheTable(TestPipeline pipeline) {
    AccountingCheck.OfStage stage =
        assertAccounting(counted(pipeline, "iiiiiodful")).stage("ingest");

    assertFails(() -> stage.in(6), "ingest.in should be 6 but is 5:", "duplicate", "ingest  ");
    assertFails(() -> stage.out(2), "ingest.out should be 2 but is 1");
    assertFails(() -> stage.dead(0), "ingest.dead should be 0 but is 1");
    assertFails(() -> stage.filtered(0), "ingest.filtered should be 0 but is 1");
    assertFails(() -> stage.duplicate(0), "ingest.duplicate should be 0 but is 1");
    assertFails(() -> stage.late(0), "ingest.late should be 0 but is 1");
  }

  @Test
  void failsForCountersThatNobodyHasNamed(TestPipeline pipeline) {
    PipelineResult result = counted(pipeline, "iioul");

    assertFails(
        () -> assertAccounting(result).stage("ingest").in(2).out(1).duplicate(1).nothingElse(),
        "ingest.late should be 0 but is 1");
  }

  @Test
  void failsForAStageThatThereIsNot(TestPipeline pipeline) {
    PipelineResult result = counted(pipeline, "io");

    assertFails(
        () -> assertAccounting(result).stage("ingest").in(1).stage("ingset"),
        "No stage ingset has counted anything. All stages:",
        "ingest ");
  }

  private static void assertFails(Runnable check, String... messageParts) {
    assertThatThrownBy(check::run)
        .isInstanceOf(AssertionError.class)
        .message()
        .contains(messageParts);
  }

  /** Counts what each letter stands for; x is an element that Beam drops. */
  private static PipelineResult counted(TestPipeline pipeline, String letters) {
    pipeline.apply(Create.of(letters)).apply("Count", ParDo.of(new CountFn()));
    return pipeline.run();
  }

  private static final class CountFn extends DoFn<String, Void> {

    private static final long serialVersionUID = 1L;
    private final StageCounters counters = StageCounters.of("ingest");
    private final Counter dropped = Metrics.counter("beam", "droppedDueToLateness");

    @ProcessElement
    public void process(@Element String letters) {
      for (int i = 0; i < letters.length(); i++) {
        switch (letters.charAt(i)) {
          case 'i' -> counters.in();
          case 'o' -> counters.out();
          case 'd' -> counters.dead();
          case 'f' -> counters.filtered();
          case 'u' -> counters.duplicate();
          case 'l' -> counters.late();
          default -> dropped.inc();
        }
      }
    }
  }
}
