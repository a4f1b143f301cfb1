package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.observe.Accounting;
import org.joda.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random streams, held against a plain model of what windows are: each element ends either in the
 * last pane of exactly the windows that it belongs to, or in the late ones.
 *
 * <p>Elements are at whole seconds and watermarks between them. The key of an element is its first
 * letter.
 */
class WindowedAggregationPropertyTest {

  private static final long SECOND = 1_000;
  private static final long NEVER = Long.MIN_VALUE;

  enum Kind {
    FIXED,
    SLIDING,
    SESSIONS
  }

  @ParameterizedTest(name = "{0}, allowed lateness {1} s, seed {2}")
  @MethodSource
  void putsEachElementWhereItBelongs(Kind kind, int lateness, long seed) {
    Story story = Story.random(new Random(seed));
    Model model = new Model(kind, lateness * SECOND);
    story.steps.forEach(model::take);

    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Aggregated<String, String, String> aggregated =
        pipeline
            .apply(story.stream())
            .apply(StampWatermark.create())
            .apply(
                "Aggregate",
                windows(kind)
                    .withAllowedLateness(Duration.ofSeconds(lateness))
                    .combining(new JoinFn()));
    Gathered<WindowResult<String, String>> results = Gathered.of(aggregated.results());
    Gathered<LateElement<String>> late = Gathered.of(aggregated.late());
    PipelineResult result = pipeline.run();

    assertThat(lines(late.elements())).isEqualTo(model.late);
    Map<String, String> last = lastPanes(results.elements());
    assertThat(last).containsAllEntriesOf(model.results());
    for (String window : last.keySet()) {
      assertThat(model.mayAppear(window)).describedAs("the window %s", window).isTrue();
    }
    assertThat(DroppedElements.of(result)).isZero();
    Accounting.Stage stage = Accounting.of(result.metrics()).stage("aggregate");
    assertThat(stage.balances()).isTrue();
    assertThat(stage.late()).isEqualTo(model.late.size());
    assertThat(stage.in()).isEqualTo(model.assignments);
  }

  static Stream<Object[]> putsEachElementWhereItBelongs() {
    List<Object[]> cases = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (long seed = 1; seed <= 3; seed++) {
        cases.add(new Object[] {kind, 0, seed});
        cases.add(new Object[] {kind, 25, 100 + seed});
      }
    }
    return cases.stream();
  }

  private static WindowedAggregation<String, String> windows(Kind kind) {
    WindowedAggregation<String, String> byFirstLetter =
        WindowedAggregation.by(element -> element.substring(0, 1), StringUtf8Coder.of());
    return switch (kind) {
      case FIXED -> byFirstLetter.inFixedWindows(Duration.ofSeconds(20));
      case SLIDING ->
          byFirstLetter.inSlidingWindows(Duration.ofSeconds(20), Duration.ofSeconds(10));
      case SESSIONS -> byFirstLetter.inSessions(Duration.ofSeconds(7));
    };
  }

  private static Map<String, String> lastPanes(Collection<WindowResult<String, String>> results) {
    Map<String, Long> revisions = new HashMap<>();
    Map<String, String> last = new TreeMap<>();
    for (WindowResult<String, String> result : results) {
      String window = name(result.key(), result.windowStartMillis(), result.windowEndMillis());
      if (revisions.getOrDefault(window, -1L) < result.revision()) {
        revisions.put(window, result.revision());
        last.put(window, result.value());
      }
    }
    return last;
  }

  private static Set<String> lines(Collection<LateElement<String>> late) {
    Set<String> lines = new TreeSet<>();
    for (LateElement<String> element : late) {
      IntervalWindow window = (IntervalWindow) element.window();
      String value = element.element().value();
      String line =
          value + " for " + name(value, window.start().getMillis(), window.end().getMillis());
      assertThat(lines.add(line)).describedAs("%s is there once", line).isTrue();
    }
    return lines;
  }

  private static String name(String element, long start, long end) {
    return element.charAt(0) + " " + start / SECOND + "-" + end / SECOND;
  }

  /** A step is an element with its second, or a watermark in milliseconds. */
  private record Step(String element, long second, long watermark) {}

  private record Story(List<Step> steps) {

    static Story random(Random random) {
      List<Step> steps = new ArrayList<>();
      long watermark = 0;
      int elements = 0;
      while (elements < 60) {
        if (random.nextInt(4) == 0) {
          watermark += random.nextInt(12) * SECOND;
          steps.add(new Step("", 0, watermark + SECOND / 2));
        } else {
          // Mostly about the watermark, some far behind it.
          long behind = random.nextInt(5) == 0 ? random.nextInt(70) : random.nextInt(15);
          long second = Math.max(0, watermark / SECOND + 8 - behind);
          String key = "abc".substring(random.nextInt(3)).substring(0, 1);
          steps.add(new Step(key + elements++, second, NEVER));
        }
      }
      return new Story(steps);
    }

    TestStream<String> stream() {
      TestStream.Builder<String> stream = TestStream.create(StringUtf8Coder.of());
      List<TimestampedValue<String>> together = new ArrayList<>();
      long watermark = NEVER;
      for (Step step : steps) {
        if (step.watermark == NEVER) {
          together.add(TimestampedValue.of(step.element, Instant.ofEpochSecond(step.second)));
        } else if (step.watermark > watermark) {
          stream = add(stream, together);
          watermark = step.watermark;
          stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
        }
      }
      return add(stream, together).advanceWatermarkToInfinity();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the array is made here and only read
    private static TestStream.Builder<String> add(
        TestStream.Builder<String> stream, List<TimestampedValue<String>> together) {
      if (together.isEmpty()) {
        return stream;
      }
      TimestampedValue<String>[] rest =
          together.subList(1, together.size()).toArray(TimestampedValue[]::new);
      TimestampedValue<String> first = together.get(0);
      together.clear();
      return stream.addElements(first, rest);
    }
  }

  /** What Beam's model says, with lists and loops. */
  private static final class Model {

    private record Span(long start, long end) {

      boolean touches(Span other) {
        return start < other.end && other.start < end;
      }
    }

    private final Kind kind;
    private final long lateness;
    private final Map<String, Map<Span, TreeSet<String>>> open = new TreeMap<>();
    private final Map<String, Map<Span, TreeSet<String>>> closed = new TreeMap<>();
    private final List<String> everOpen = new ArrayList<>();
    private final TreeSet<String> late = new TreeSet<>();
    private long watermark = NEVER;
    private long assignments;

    Model(Kind kind, long lateness) {
      this.kind = kind;
      this.lateness = lateness;
    }

    void take(Step step) {
      if (step.watermark != NEVER) {
        watermark = Math.max(watermark, step.watermark);
        closeWindows();
        return;
      }
      for (Span window : windowsOf(step.second * SECOND)) {
        assignments++;
        if (isClosed(window)) {
          late.add(step.element + " for " + name(step.element, window.start, window.end));
        } else {
          add(step.element, window);
        }
      }
    }

    private List<Span> windowsOf(long time) {
      List<Span> windows = new ArrayList<>();
      switch (kind) {
        case FIXED -> windows.add(span(Math.floorDiv(time, 20_000) * 20_000, 20_000));
        case SLIDING -> {
          long latest = Math.floorDiv(time, 10_000) * 10_000;
          windows.add(span(latest, 20_000));
          windows.add(span(latest - 10_000, 20_000));
        }
        case SESSIONS -> windows.add(span(time, 7_000));
      }
      return windows;
    }

    private static Span span(long start, long length) {
      return new Span(start, start + length);
    }

    private boolean isClosed(Span window) {
      return watermark != NEVER && window.end - 1 + lateness < watermark;
    }

    private void add(String element, Span window) {
      Map<Span, TreeSet<String>> windows =
          open.computeIfAbsent(element.substring(0, 1), key -> new HashMap<>());
      TreeSet<String> content = new TreeSet<>(List.of(element));
      Span merged = window;
      for (Span other : List.copyOf(windows.keySet())) {
        if (kind == Kind.SESSIONS ? other.touches(merged) : other.equals(merged)) {
          content.addAll(windows.remove(other));
          merged = new Span(Math.min(merged.start, other.start), Math.max(merged.end, other.end));
        }
      }
      windows.put(merged, content);
      everOpen.add(name(element, merged.start, merged.end));
    }

    private void closeWindows() {
      open.forEach(
          (key, windows) -> {
            for (Span window : List.copyOf(windows.keySet())) {
              if (isClosed(window)) {
                TreeSet<String> content = windows.remove(window);
                closed.computeIfAbsent(key, k -> new HashMap<>()).put(window, content);
              }
            }
          });
    }

    Map<String, String> results() {
      Map<String, String> results = new TreeMap<>();
      for (Map<String, Map<Span, TreeSet<String>>> part : List.of(open, closed)) {
        part.forEach(
            (key, windows) ->
                windows.forEach(
                    (window, content) ->
                        results.put(
                            name(key, window.start, window.end), String.join(" ", content))));
      }
      return results;
    }

    /** A session that has grown has had panes before. */
    boolean mayAppear(String window) {
      return kind == Kind.SESSIONS ? everOpen.contains(window) : results().containsKey(window);
    }
  }

  /** Joins elements in their order. */
  private static final class JoinFn extends CombineFn<String, List<String>, String> {

    private static final long serialVersionUID = 1L;

    @Override
    public List<String> createAccumulator() {
      return List.of();
    }

    @Override
    public List<String> addInput(List<String> accumulator, String input) {
      return Stream.concat(accumulator.stream(), Stream.of(input)).toList();
    }

    @Override
    public List<String> mergeAccumulators(Iterable<List<String>> accumulators) {
      List<String> merged = new ArrayList<>();
      accumulators.forEach(merged::addAll);
      return List.copyOf(merged);
    }

    @Override
    public String extractOutput(List<String> accumulator) {
      return String.join(" ", accumulator.stream().sorted().toList());
    }

    @Override
    public Coder<List<String>> getAccumulatorCoder(CoderRegistry registry, Coder<String> input) {
      return ListCoder.of(input);
    }

    @Override
    public Coder<String> getDefaultOutputCoder(CoderRegistry registry, Coder<String> input) {
      return StringUtf8Coder.of();
    }
  }
}
