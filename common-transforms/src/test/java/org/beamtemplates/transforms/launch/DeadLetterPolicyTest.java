package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.beamtemplates.transforms.launch.JobStatus.Stage;
import org.junit.jupiter.api.Test;

class DeadLetterPolicyTest {

  private static final long SECOND = 1_000_000_000L;

  private final DeadLetterPolicy failFast =
      new DeadLetterPolicy(true, OptionalDouble.empty(), Duration.ofMinutes(1), 100);
  private final DeadLetterPolicy fivePercent =
      new DeadLetterPolicy(false, OptionalDouble.of(0.05), Duration.ofMinutes(1), 100);

  @Test
  void failFastStopsAtTheFirstDeadLetter() {
    assertThat(failFast.look(List.of(stage("ingest", 10_000, 0)), 0)).isEmpty();
    assertThat(failFast.look(List.of(stage("ingest", 20_000, 0), stage("enrich", 9, 1)), SECOND))
        .contains(
            "stage 'enrich' has made 1 of 9 records dead letters, and --failFast allows none");
  }

  @Test
  void lateRecordsCountForNothing() {
    Stage late = new Stage("aggregate", 1_000, 0, 0, 0, 0, 1_000);

    assertThat(failFast.look(List.of(late), 0)).isEmpty();
    assertThat(fivePercent.look(List.of(late), 0)).isEmpty();
  }

  @Test
  void aShareWithinTheLimitIsAllowed() {
    assertThat(fivePercent.look(List.of(stage("ingest", 1_000, 50)), 0)).isEmpty();
    assertThat(fivePercent.look(List.of(stage("ingest", 2_000, 101)), SECOND))
        .contains(
            "stage 'ingest' has made 101 of its last 2,000 records dead letters (5.1 %, within 1m),"
                + " and --maxDeadLetterRate=0.05 allows 5.0 %");
  }

  @Test
  void aFewRecordsTellNothing() {
    assertThat(fivePercent.look(List.of(stage("ingest", 99, 99)), 0)).isEmpty();
    assertThat(fivePercent.look(List.of(stage("ingest", 100, 99)), SECOND)).isPresent();
  }

  @Test
  void aLongHealthyPastDoesNotHideAStorm() {
    fivePercent.look(List.of(stage("ingest", 10_000_000, 0)), 0);
    assertThat(fivePercent.look(List.of(stage("ingest", 10_001_000, 0)), 70 * SECOND)).isEmpty();

    assertThat(fivePercent.look(List.of(stage("ingest", 10_002_000, 150)), 71 * SECOND))
        .isPresent();
  }

  @Test
  void aStormThatIsOverIsForgotten() {
    fivePercent.look(List.of(stage("ingest", 10_000, 0)), 0);
    fivePercent.look(List.of(stage("ingest", 20_000, 400)), 30 * SECOND);
    fivePercent.look(List.of(stage("ingest", 30_000, 400)), 60 * SECOND);
    fivePercent.look(List.of(stage("ingest", 40_000, 400)), 90 * SECOND);

    // 400 more are 4 % of the last minute's 10 000, and 8 % with those of the storm.
    assertThat(fivePercent.look(List.of(stage("ingest", 50_000, 800)), 120 * SECOND)).isEmpty();
  }

  @Test
  void countersThatBeginAnewAfterARestartAreNoStorm() {
    fivePercent.look(List.of(stage("ingest", 100_000, 1_000)), 0);

    assertThat(fivePercent.look(List.of(stage("ingest", 1_000, 10)), SECOND)).isEmpty();
    assertThat(fivePercent.look(List.of(stage("ingest", 2_000, 200)), 2 * SECOND)).isPresent();
  }

  @Test
  void withoutAPolicyThereIsNone() {
    assertThat(DeadLetterPolicy.of(PipelineOptionsFactory.create(), SampleOptions.class)).isEmpty();
  }

  @Property
  @Tag("property")
  void tripsExactlyWhenTheShareOfTheWindowIsAboveTheLimit(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 200) Integer> ins,
      @ForAll @Size(40) List<@IntRange(max = 20) Integer> deads) {
    DeadLetterPolicy policy =
        new DeadLetterPolicy(false, OptionalDouble.of(0.1), Duration.ofSeconds(10), 50);
    long[] in = new long[ins.size() + 1];
    long[] dead = new long[ins.size() + 1];
    for (int second = 1; second <= ins.size(); second++) {
      in[second] = in[second - 1] + ins.get(second - 1);
      dead[second] = dead[second - 1] + Math.min(ins.get(second - 1), deads.get(second - 1));
      Optional<String> verdict =
          policy.look(List.of(stage("s", in[second], dead[second])), second * SECOND);

      // The first look is the beginning of time; later ones reach back over the window.
      int from = second <= 10 ? 0 : second - 10;
      long inWindow = in[second] - in[from];
      long deadInWindow = dead[second] - dead[from];
      assertThat(verdict.isPresent()).isEqualTo(inWindow >= 50 && deadInWindow > 0.1 * inWindow);
    }
  }

  private static Stage stage(String name, long in, long dead) {
    return new Stage(name, in, in - dead, dead, 0, 0, 0);
  }
}
