package org.beamtemplates.transforms.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Instant;

/**
 * Random streams, held against lists and loops. An element is its side, its key and a number, as
 * {@code La7}.
 */
@Tag("property")
class WindowJoinPropertyTest {

  private static final long SECOND = 1_000;

  // Without shrinking: each try is a pipeline.
  @Property(shrinking = ShrinkingMode.OFF)
  void pairsWhatBelongsTogetherAndGivesBackTheRest(@ForAll Random random) {
    boolean sliding = random.nextBoolean();
    long lateness = random.nextInt(3) * 15L;
    int maxElements = 1 + random.nextInt(6);
    Model model = new Model(sliding, lateness * SECOND, maxElements);
    TestStream<Ingested<String>> stream = story(random, model);

    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<Ingested<String>> all = pipeline.apply(stream);
    WindowJoin<String, String, String> join =
        WindowJoin.by(
                (String left) -> left.substring(1, 2),
                (String right) -> right.substring(1, 2),
                StringUtf8Coder.of())
            .withAllowedLateness(Duration.ofSeconds(lateness))
            .withMaxElements(maxElements);
    join =
        sliding
            ? join.inSlidingWindows(Duration.ofSeconds(20), Duration.ofSeconds(10))
            : join.inFixedWindows(Duration.ofSeconds(20));
    Joined<String, String, String> joined =
        side(all, "L")
            .apply(
                "Join",
                join.with(side(all, "R"), (left, right) -> left + right, StringUtf8Coder.of()));
    Gathered<Ingested<String>> pairs = Gathered.of(joined.pairs());
    Gathered<Unjoined<String>> left = Gathered.of(joined.left());
    Gathered<Unjoined<String>> right = Gathered.of(joined.right());
    Gathered<Long> inTimeForMore =
        Gathered.of(
            joined
                .left()
                .apply(Filter.by(one -> one.reason() == Unjoined.Reason.UNMATCHED))
                .apply(Combine.globally(Count.<Unjoined<String>>combineFn()).withoutDefaults()));
    PipelineResult result = pipeline.run();

    assertThat(pairs.elements().stream().map(Ingested::value))
        .containsExactlyInAnyOrderElementsOf(model.pairs);
    List<String> unjoined = new ArrayList<>();
    left.elements().forEach(one -> unjoined.add(line(one)));
    right.elements().forEach(one -> unjoined.add(line(one)));
    assertThat(unjoined).containsExactlyInAnyOrderElementsOf(model.unjoined());
    assertThat(inTimeForMore.elements().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(
            left.elements().stream()
                .filter(one -> one.reason() == Unjoined.Reason.UNMATCHED)
                .count());
    assertAccounting(result)
        .balances()
        .dropsNothing()
        .stage("join")
        .in(model.assignments)
        .late(model.late)
        .out(model.assignments - model.late)
        .nothingElse();
  }

  private static PCollection<Ingested<String>> side(
      PCollection<Ingested<String>> all, String side) {
    return all.apply("Side" + side, Filter.by(one -> one.value().startsWith(side)));
  }

  /** One element at a time: which of too many are the surplus is a matter of their order. */
  private static TestStream<Ingested<String>> story(Random random, Model model) {
    TestStream.Builder<Ingested<String>> stream =
        TestStream.create(Ingested.coder(StringUtf8Coder.of()))
            .advanceWatermarkTo(Instant.ofEpochMilli(0));
    long watermark = 0;
    for (int number = 0; number < 24; number++) {
      if (random.nextInt(4) == 0) {
        watermark += (1 + random.nextInt(14)) * SECOND;
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
        model.watermarkAt(watermark);
      }
      // Mostly about the watermark, some far behind it.
      long behind = random.nextInt(5) == 0 ? random.nextInt(60) : random.nextInt(15);
      long millis = Math.max(0, watermark + (8 - behind) * SECOND);
      String element =
          (random.nextBoolean() ? "L" : "R") + "abc".charAt(random.nextInt(3)) + number;
      stream =
          stream.addElements(
              TimestampedValue.of(
                  new Ingested<>(element, Origin.none(), watermark), Instant.ofEpochMilli(millis)));
      model.comes(element, millis);
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static String line(Unjoined<String> unjoined) {
    return line(
        unjoined.element().value(),
        unjoined.eventTimeMillis(),
        unjoined.window(),
        unjoined.reason());
  }

  private static String line(
      String element, long millis, BoundedWindow window, Unjoined.Reason reason) {
    return element + " at " + millis + " in " + window + " " + reason;
  }

  private static final class Model {

    private record Came(String element, long millis) {}

    private final boolean sliding;
    private final long lateness;
    private final int maxElements;
    private final Map<IntervalWindow, List<Came>> windows = new HashMap<>();
    private final List<String> pairs = new ArrayList<>();
    private final List<String> lateOrSurplus = new ArrayList<>();
    private long watermark;
    private long assignments;
    private long late;

    Model(boolean sliding, long lateness, int maxElements) {
      this.sliding = sliding;
      this.lateness = lateness;
      this.maxElements = maxElements;
    }

    void watermarkAt(long millis) {
      watermark = millis;
    }

    void comes(String element, long millis) {
      long step = sliding ? 10 * SECOND : 20 * SECOND;
      long start = Math.floorDiv(millis, step) * step;
      comes(element, millis, start);
      if (sliding) {
        comes(element, millis, start - step);
      }
    }

    private void comes(String element, long millis, long start) {
      IntervalWindow window =
          new IntervalWindow(
              Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + 20 * SECOND));
      assignments++;
      if (start + 20 * SECOND - 1 + lateness < watermark) {
        late++;
        lateOrSurplus.add(line(element, millis, window, Unjoined.Reason.LATE));
        return;
      }
      List<Came> content = windows.computeIfAbsent(window, none -> new ArrayList<>());
      String sideAndKey = element.substring(0, 2);
      if (content.stream().filter(one -> one.element.startsWith(sideAndKey)).count()
          == maxElements) {
        lateOrSurplus.add(line(element, millis, window, Unjoined.Reason.SURPLUS));
        return;
      }
      for (Came other : content) {
        if (partners(element, other.element)) {
          pairs.add(element.startsWith("L") ? element + other.element : other.element + element);
        }
      }
      content.add(new Came(element, millis));
    }

    private static boolean partners(String one, String other) {
      return one.charAt(0) != other.charAt(0) && one.charAt(1) == other.charAt(1);
    }

    List<String> unjoined() {
      List<String> lines = new ArrayList<>(lateOrSurplus);
      windows.forEach(
          (window, content) -> {
            for (Came one : content) {
              if (content.stream().noneMatch(other -> partners(one.element, other.element))) {
                lines.add(line(one.element, one.millis, window, Unjoined.Reason.UNMATCHED));
              }
            }
          });
      return lines;
    }
  }
}
