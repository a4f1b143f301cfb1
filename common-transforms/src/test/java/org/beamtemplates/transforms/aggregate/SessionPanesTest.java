package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionPanesTest {

  private static final SessionTimes TIMES =
      SessionTimes.of(Duration.ofMillis(10), Duration.ofMillis(100));

  private final List<String> panes = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void changesNeitherWhatIsInStateNorWhatComes(boolean accumulating) {
    SessionPanes<List<String>> rules = new SessionPanes<>(new GatherFn(), TIMES, accumulating);
    List<Session<List<String>>> first = List.of(session(0, 10, "a"), session(15, 25, "b"));
    List<KeptSession<List<String>>> kept = rules.merge(List.of(), first);
    List<KeptSession<List<String>>> early = rules.early(kept, 0, this::take);
    List<Session<List<String>>> second = List.of(session(5, 16, "c"), session(40, 50, "d"));
    List<KeptSession<List<String>>> merged = rules.merge(early, second);
    List<KeptSession<List<String>>> fired = rules.pass(merged, 30, this::take);
    List<KeptSession<List<String>>> third = rules.merge(fired, List.of(session(7, 17, "e")));
    rules.correct(third, 30, this::take);

    assertThat(show(first)).containsExactly("0-10 [a]", "15-25 [b]");
    assertThat(show(second)).containsExactly("5-16 [c]", "40-50 [d]");
    assertThat(show(kept)).containsExactly("0-10 [a]", "15-25 [b]");
    assertThat(show(early))
        .containsExactly(
            accumulating ? "0-10 [a]" : "0-10 []", accumulating ? "15-25 [b]" : "15-25 []");
    assertThat(show(merged))
        .containsExactly(accumulating ? "0-25 [a, b, c]" : "0-25 [c]", "40-50 [d]");
    assertThat(panes)
        .containsExactly(
            "0-10 #0 EARLY [a]",
            "15-25 #0 EARLY [b]",
            "0-25 #0 ON_TIME " + (accumulating ? "[a, b, c]" : "[c]"),
            "0-25 #1 LATE " + (accumulating ? "[a, b, c, e]" : "[e]"));
  }

  @Test
  void leavesOutWhatIsClosed() {
    SessionPanes<List<String>> rules = new SessionPanes<>(new GatherFn(), TIMES, true);
    List<KeptSession<List<String>>> kept =
        rules.merge(List.of(), List.of(session(0, 10, "a"), session(15, 25, "b")));

    assertThat(show(rules.pass(kept, 109, this::take))).containsExactly("0-10 [a]", "15-25 [b]");
    assertThat(show(rules.pass(kept, 110, this::take))).containsExactly("15-25 [b]");
    assertThat(show(rules.pass(kept, 125, this::take))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "31, 1", "8000, 500", "30000, 1000", "86400000, 1000"})
  void looksAtSessionsASixteenthOfTheGapApartAndASecondAtMost(long gapMillis, long gridMillis) {
    assertThat(SessionTimes.of(Duration.ofMillis(gapMillis), Duration.ZERO).gridMillis())
        .isEqualTo(gridMillis);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 30000, 30000, 30000",
    "0, 29001, 30000, 30000",
    "0, -500, 0, 0",
    "3600000, 30000, 30000, 3825000"
  })
  void looksAtASessionWhenItEndsAndWhenItCloses(
      long latenessMillis, long end, long atItsEnd, long whenItCloses) {
    SessionTimes times = new SessionTimes(30_000, latenessMillis);
    KeptSession<String> open = KeptSession.fresh(end - 100, end, "");

    assertThat(times.lookAtMillis(open)).isEqualTo(atItsEnd);
    assertThat(times.lookAtMillis(open.afterPane("", true))).isEqualTo(whenItCloses);
  }

  private void take(KeptSession<List<String>> session, WindowResult.Timing timing, boolean last) {
    panes.add(
        session.startMillis()
            + "-"
            + session.endMillis()
            + " #"
            + session.revision()
            + " "
            + timing
            + " "
            + session.accumulator().stream().sorted().toList());
  }

  private static List<String> show(List<? extends Span> sessions) {
    List<String> shown = new ArrayList<>();
    for (Span span : sessions) {
      List<?> content =
          span instanceof Session<?> session
              ? (List<?>) session.accumulator()
              : (List<?>) ((KeptSession<?>) span).accumulator();
      shown.add(span.startMillis() + "-" + span.endMillis() + " " + content);
    }
    return shown;
  }

  private static Session<List<String>> session(long start, long end, String value) {
    return new Session<>(start, end, new ArrayList<>(List.of(value)));
  }

  /** Merges into the first accumulator, as a CombineFn may. */
  private static final class GatherFn extends CombineFn<String, List<String>, String> {

    private static final long serialVersionUID = 1L;

    @Override
    public List<String> createAccumulator() {
      return new ArrayList<>();
    }

    @Override
    public List<String> addInput(List<String> accumulator, String input) {
      accumulator.add(input);
      return accumulator;
    }

    @Override
    public List<String> mergeAccumulators(Iterable<List<String>> accumulators) {
      List<String> first = null;
      for (List<String> accumulator : accumulators) {
        if (first == null) {
          first = accumulator;
        } else {
          first.addAll(accumulator);
        }
      }
      return first;
    }

    @Override
    public String extractOutput(List<String> accumulator) {
      return String.join(" ", accumulator);
    }
  }
}
