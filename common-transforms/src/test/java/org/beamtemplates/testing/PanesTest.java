package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class PanesTest {

  private final Panes<String, Long> panes =
      Panes.of(
          List.of(
              pane("a", 0, 5, Timing.LATE, 2),
              pane("a", 0, 2, Timing.EARLY, 0),
              pane("a", 0, 3, Timing.ON_TIME, 1),
              pane("a", 60, 1, Timing.ON_TIME, 0),
              pane("b", 0, 7, Timing.ON_TIME, 0)));

  @Test
  void namesPanesInOrderOfTheirRevisions() {
    panes
        .forKey("a")
        .inWindow("00:00", "01:00")
        .early(2L)
        .onTime(3L)
        .late(5L)
        .inWindow("01:00", "02:00")
        .is(1L);
    panes.forKey("b").inWindow("00:00", "01:00").satisfies(value -> assertThat(value).isOdd());
  }

  @Test
  void gathersResultsOfAnyType(TestPipeline pipeline) {
    Panes<String, Long> gathered =
        Panes.of(
                pipeline.apply(Create.of("a=1", "b=2").withCoder(StringUtf8Coder.of())),
                text -> pane(text.substring(0, 1), 0, Long.parseLong(text.substring(2))))
            .startingAt("1969-12-31T23:59:00Z");
    pipeline.run();

    gathered.forKey("a").inWindow("01:00", "02:00").onTime(1L);
    gathered.forKey("b").inWindow("01:00", "02:00").onTime(2L);
    gathered.noOthers();
    assertThat(gathered.all()).hasSize(2);
  }

  @Test
  void showsAllPanesOfTheKeyWhereOneIsDifferent() {
    assertThatThrownBy(
            () -> panes.forKey("a").inWindow("00:00", "01:00").early(2L).onTime(3L).late(6L))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            Pane 3 of key a in 00:00 to 01:00 should be LATE 6 but is LATE 5.
            All panes of key a:
              key  window          revision  timing   value
              a    00:00 to 01:00  0         EARLY    2
              a    00:00 to 01:00  1         ON_TIME  3
              a    00:00 to 01:00  2         LATE     5
              a    01:00 to 02:00  0         ON_TIME  1
            """);
  }

  @Test
  void failsForAnotherTimingThoughTheValueIsRight() {
    assertFails(() -> inFirstMinute().onTime(2L), "should be ON_TIME 2 but is EARLY 2");
    assertFails(() -> inFirstMinute().late(2L), "should be LATE 2 but is EARLY 2");
    assertFails(() -> inFirstMinute().early(2L).early(3L), "should be EARLY 3 but is ON_TIME 3");
  }

  @Test
  void failsForAnotherValueWhateverTheTiming() {
    assertFails(() -> inFirstMinute().is(3L), "Pane 1 ", "should be 3 but is EARLY 2");
    assertFails(
        () -> inFirstMinute().satisfies(value -> assertThat(value).isZero()),
        "Pane 1 of key a",
        "2L",
        "All panes of key a");
  }

  @Test
  void failsForARevisionThatIsLeftOut() {
    Panes<String, Long> gap = Panes.of(List.of(pane("a", 0, 2, Timing.ON_TIME, 1)));

    assertFails(
        () -> gap.forKey("a").inWindow("00:00", "01:00").onTime(2L),
        "should have the revision 0 but has 1");
    gap.forKey("a").inWindow("00:00", "01:00").is(2L);
  }

  @Test
  void failsForAPaneThatIsNotThere() {
    assertFails(
        () -> panes.forKey("a").inWindow("01:00", "02:00").onTime(1L).late(2L),
        "Pane 2 of key a in 01:00 to 02:00 should be LATE 2 but is not there",
        "All panes of key a");
    assertFails(
        () -> panes.forKey("a").inWindow("02:00", "03:00").is(1L), "should be 1 but is not there");
    assertFails(
        () -> panes.forKey("c").inWindow("00:00", "01:00").is(1L),
        "There is no pane of key c; the keys are a, b");
    assertFails(
        () ->
            Panes.of(List.<WindowResult<String, Long>>of())
                .forKey("c")
                .inWindow("00:00", "01:00")
                .is(1L),
        "There is no pane of key c, nor of any other");
  }

  @Test
  void failsForPanesThatNobodyHasNamed() {
    inFirstMinute().early(2L).onTime(3L).late(5L);
    panes.forKey("b").inWindow("00:00", "01:00").onTime(7L);

    assertThatThrownBy(panes::noOthers)
        .hasMessage(
            """
            1 pane more than expected:
              key  window          revision  timing   value
              a    01:00 to 02:00  0         ON_TIME  1
            """);

    panes.forKey("a").inWindow("01:00", "02:00").onTime(1L);
    panes.noOthers();
  }

  @Test
  void countsTheSameObjectTwiceAsTwoPanes() {
    WindowResult<String, Long> pane = pane("a", 0, 1);
    Panes<String, Long> twice = Panes.of(List.of(pane, pane));
    twice.forKey("a").inWindow("00:00", "01:00").onTime(1L);

    assertFails(twice::noOthers, "1 pane more than expected");
  }

  @Test
  void givesTheLastPaneOfEachKeyAndWindow() {
    Panes<String, Long> last = panes.finalOnly();

    last.forKey("a").inWindow("00:00", "01:00").is(5L).inWindow("01:00", "02:00").is(1L);
    assertFails(last::noOthers, "1 pane more", "b ");
    last.forKey("b").inWindow("00:00", "01:00").is(7L);
    last.noOthers();
  }

  @Test
  void showsWindowsWithoutAStart() {
    Panes<String, Long> all =
        Panes.of(
            List.of(new WindowResult<>("a", 1L, Long.MIN_VALUE, 3_600_000, Timing.ON_TIME, 0)));

    assertFails(all::noOthers, "… to 1:00:00");
  }

  private Panes<String, Long>.OfWindow inFirstMinute() {
    return panes.forKey("a").inWindow("00:00", "01:00");
  }

  private static void assertFails(Runnable check, String... messageParts) {
    assertThatThrownBy(check::run)
        .isInstanceOf(AssertionError.class)
        .message()
        .contains(messageParts);
  }

  private static WindowResult<String, Long> pane(String key, long startSecond, long value) {
    return pane(key, startSecond, value, Timing.ON_TIME, 0);
  }

  private static WindowResult<String, Long> pane(
      String key, long startSecond, long value, Timing timing, long revision) {
    return new WindowResult<>(
        key, value, startSecond * 1_000, (startSecond + 60) * 1_000, timing, revision);
  }
}
