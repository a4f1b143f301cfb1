package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.windowing.CalendarWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Records;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Instant;

/**
 * Random streams, held against a plain model of what windows are: each element ends either in the
 * panes of exactly the windows that it belongs to, or in the late ones; and both strategies give
 * the same panes.
 *
 * <p>Time is told in ticks. Elements are at whole ticks and watermarks between them. The key of an
 * element is its first letter.
 */
@Tag("property")
class WindowedAggregationPropertyTest {

  private static final long NEVER = Long.MIN_VALUE;

  enum Kind {
    FIXED(1_000, 20, 20),
    SLIDING(1_000, 20, 10),
    SLIDING_UNEVEN(1_000, 20, 15),
    SLIDING_OFTEN(1_000, 20, 5),
    SLIDING_IN_SLICES(1_000, 20, 6),
    SLIDING_WITH_GAPS(1_000, 10, 15),
    CALENDAR(3 * 3_600_000, 8, 8),
    SESSIONS(1_000, 7, 1);

    private final long tickMillis;
    private final long size;
    private final long period;

    /** Size and period are in ticks. */
    Kind(long tickMillis, long size, long period) {
      this.tickMillis = tickMillis;
      this.size = size;
      this.period = period;
    }

    WindowedAggregation<String, String> in(WindowedAggregation<String, String> aggregation) {
      return switch (this) {
        case FIXED -> aggregation.inFixedWindows(ticks(size));
        case SLIDING, SLIDING_UNEVEN, SLIDING_OFTEN, SLIDING_IN_SLICES, SLIDING_WITH_GAPS ->
            aggregation.inSlidingWindows(ticks(size), ticks(period));
        case CALENDAR -> aggregation.in(CalendarWindows.days(1));
        case SESSIONS -> aggregation.inSessions(ticks(size));
      };
    }

    Duration ticks(long count) {
      return Duration.ofMillis(count * tickMillis);
    }

    List<Span> windowsOf(long tick) {
      List<Span> windows = new ArrayList<>();
      if (this == SESSIONS) {
        windows.add(new Span(tick, tick + size));
        return windows;
      }
      long latest = Math.floorDiv(tick, period) * period;
      for (long start = latest; start > tick - size; start -= period) {
        windows.add(new Span(start, start + size));
      }
      return windows;
    }

    List<Strategy> strategies() {
      return this == SESSIONS
          ? List.of(Strategy.PLAIN)
          : List.of(Strategy.PLAIN, Strategy.TWO_LEVEL);
    }
  }

  @Property
  void putsEachElementWhereItBelongs(
      @ForAll("stories") Story story,
      @ForAll Kind kind,
      @ForAll boolean isLatenessAllowed,
      @ForAll boolean isInBatches) {
    int lateness = isLatenessAllowed ? 25 : 0;
    Model model = Model.of(story, kind, lateness);
    List<List<String>> panes = new ArrayList<>();
    for (Strategy strategy : kind.strategies()) {
      Run run = Run.of(story, kind, lateness, strategy, isInBatches, true);

      run.assertAccountsFor(model);
      Map<String, String> last = run.lastPanes();
      assertThat(last).containsAllEntriesOf(model.results());
      for (String window : last.keySet()) {
        assertThat(model.mayAppear(window)).describedAs("the window %s", window).isTrue();
      }
      panes.add(run.panes());
    }
    assertThat(panes).allSatisfy(one -> assertThat(one).isEqualTo(panes.get(0)));
  }

  @Property
  void dividesElementsAmongPanesThatDiscard(
      @ForAll("stories") Story story,
      @ForAll Kind kind,
      @ForAll boolean isLatenessAllowed,
      @ForAll boolean isInBatches) {
    int lateness = isLatenessAllowed ? 25 : 0;
    Model model = Model.of(story, kind, lateness);
    List<List<String>> panes = new ArrayList<>();
    for (Strategy strategy : kind.strategies()) {
      Run run = Run.of(story, kind, lateness, strategy, isInBatches, false);

      run.assertAccountsFor(model);
      if (kind == Kind.SESSIONS) {
        // What a session has shown before it grew is under its name of then.
        assertThat(run.sumsByKey()).isEqualTo(model.sumsByKey());
      } else {
        assertThat(run.sums()).isEqualTo(model.results());
      }
      panes.add(run.panes());
    }
    assertThat(panes).allSatisfy(one -> assertThat(one).isEqualTo(panes.get(0)));
  }

  @Provide
  Arbitrary<Story> stories() {
    Arbitrary<Step> near = element(Arbitraries.integers().between(0, 14));
    Arbitrary<Step> far = element(Arbitraries.integers().between(0, 70));
    Arbitrary<Step> watermark =
        Arbitraries.integers().between(0, 12).map(ticks -> new Step("", 0, ticks, false));
    // Another bundle, at the same watermark.
    Arbitrary<Step> pause = Arbitraries.just(new Step("", 0, 0, true));
    return Arbitraries.frequencyOf(
            Tuple.of(8, near), Tuple.of(2, far), Tuple.of(3, watermark), Tuple.of(1, pause))
        .list()
        .ofMinSize(1)
        .ofMaxSize(80)
        .withSizeDistribution(RandomDistribution.uniform())
        .map(Story::new);
  }

  private static Arbitrary<Step> element(Arbitrary<Integer> behind) {
    // Few names: the same element comes more than once.
    return Combinators.combine(
            Arbitraries.of("a", "b", "c"), Arbitraries.integers().between(0, 29), behind)
        .as((key, number, ticks) -> new Step(key + number, ticks, 0, false));
  }

  private static String sorted(Collection<String> elements) {
    return elements.stream().sorted().collect(Collectors.joining(" "));
  }

  private static String name(String element, long start, long end) {
    return element.charAt(0) + " " + start + "-" + end;
  }

  private record Span(long start, long end) {

    boolean touches(Span other) {
      return start < other.end && other.start < end;
    }
  }

  /**
   * An element that is behind the newest time by some ticks; or, without one, how far the watermark
   * moves; or a pause.
   */
  private record Step(String element, long behind, long watermarkTicks, boolean isPause) {}

  /** An element at a tick, behind a watermark in half ticks. */
  private record Arrival(String element, long tick, long watermark) {}

  private record Story(List<Step> steps) {

    /** Returns bundles of arrivals. */
    List<List<Arrival>> bundles() {
      List<List<Arrival>> bundles = new ArrayList<>();
      List<Arrival> bundle = new ArrayList<>();
      long ticks = 0;
      long watermark = NEVER;
      for (Step step : steps) {
        if (!step.element.isEmpty()) {
          bundle.add(new Arrival(step.element, Math.max(0, ticks + 8 - step.behind), watermark));
          continue;
        }
        if (!bundle.isEmpty()) {
          bundles.add(bundle);
          bundle = new ArrayList<>();
        }
        if (!step.isPause) {
          ticks += step.watermarkTicks;
          watermark = 2 * ticks + 1;
        }
      }
      if (!bundle.isEmpty()) {
        bundles.add(bundle);
      }
      return bundles;
    }

    TestStream<Ingested<String>> stream(Kind kind) {
      Records records = Records.ofTopic("story", 0);
      TestStream.Builder<Ingested<String>> stream =
          TestStream.create(Ingested.coder(StringUtf8Coder.of()));
      long watermark = NEVER;
      for (List<Arrival> bundle : bundles()) {
        if (bundle.get(0).watermark > watermark) {
          watermark = bundle.get(0).watermark;
          stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(millis(kind, watermark)));
        }
        List<TimestampedValue<Ingested<String>>> together = new ArrayList<>();
        for (Arrival arrival : bundle) {
          together.add(
              TimestampedValue.of(
                  records.ingested(
                      arrival.element,
                      watermark == NEVER ? Ingested.NEVER_LATE : millis(kind, watermark)),
                  Instant.ofEpochMilli(arrival.tick * kind.tickMillis)));
        }
        stream = add(stream, together);
      }
      return stream.advanceWatermarkToInfinity();
    }

    private static long millis(Kind kind, long halfTicks) {
      return halfTicks * kind.tickMillis / 2;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the array is made here and only read
    private static TestStream.Builder<Ingested<String>> add(
        TestStream.Builder<Ingested<String>> stream,
        List<TimestampedValue<Ingested<String>>> together) {
      TimestampedValue<Ingested<String>>[] rest =
          together.subList(1, together.size()).toArray(TimestampedValue[]::new);
      return stream.addElements(together.get(0), rest);
    }
  }

  /** What an aggregation made of a story. */
  private record Run(
      Kind kind,
      List<WindowResult<String, String>> results,
      List<LateElement<String>> late,
      PipelineResult result) {

    static Run of(
        Story story,
        Kind kind,
        int lateness,
        Strategy strategy,
        boolean isInBatches,
        boolean accumulating) {
      TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
      WindowedAggregation<String, String> aggregation =
          kind.in(WindowedAggregation.by(element -> element.substring(0, 1), StringUtf8Coder.of()))
              .withAllowedLateness(kind.ticks(lateness))
              .withBuckets(2)
              .with(strategy);
      aggregation = accumulating ? aggregation : aggregation.discarding();
      PCollection<Ingested<String>> elements = pipeline.apply(story.stream(kind));
      Aggregated<String, String, String> aggregated =
          isInBatches
              ? elements
                  .apply("Gather", IngestedBatch.gathered())
                  .apply("Aggregate", aggregation.combiningBatches(new JoinFn()))
              : elements.apply("Aggregate", aggregation.combining(new JoinFn()));
      Gathered<WindowResult<String, String>> results = Gathered.of(aggregated.results());
      Gathered<LateElement<String>> late = Gathered.of(aggregated.late());
      PipelineResult result = pipeline.run();
      return new Run(kind, results.elements(), late.elements(), result);
    }

    void assertAccountsFor(Model model) {
      assertThat(late.stream().map(this::line).sorted().toList()).isEqualTo(model.late());
      assertThat(DroppedElements.of(result)).isZero();
      Accounting accounting = Accounting.of(result.metrics());
      if (model.assignments == 0) {
        return;
      }
      Accounting.Stage stage = accounting.stage("aggregate");
      assertThat(stage.balances()).isTrue();
      assertThat(stage.late()).isEqualTo(model.late.size());
      assertThat(stage.in()).isEqualTo(model.assignments);
    }

    /** Returns all that is seen of the panes. */
    List<String> panes() {
      return results.stream()
          .map(
              pane ->
                  window(pane) + " " + pane.timing() + " " + pane.revision() + ": " + pane.value())
          .sorted()
          .toList();
    }

    Map<String, String> lastPanes() {
      Map<String, String> last = new TreeMap<>();
      results.stream()
          .sorted(Comparator.comparing(WindowResult::revision))
          .forEach(pane -> last.put(window(pane), pane.value()));
      return last;
    }

    Map<String, String> sums() {
      return joined(this::window);
    }

    Map<String, String> sumsByKey() {
      return joined(WindowResult::key);
    }

    private Map<String, String> joined(Function<WindowResult<String, String>, String> by) {
      Map<String, List<String>> elements = new TreeMap<>();
      for (WindowResult<String, String> pane : results) {
        elements
            .computeIfAbsent(by.apply(pane), any -> new ArrayList<>())
            .addAll(List.of(pane.value().split(" ")));
      }
      Map<String, String> joined = new TreeMap<>();
      elements.forEach((name, some) -> joined.put(name, sorted(some)));
      return joined;
    }

    private String window(WindowResult<String, String> pane) {
      return name(
          pane.key(),
          pane.windowStartMillis() / kind.tickMillis,
          pane.windowEndMillis() / kind.tickMillis);
    }

    private String line(LateElement<String> element) {
      IntervalWindow window = (IntervalWindow) element.window();
      String value = element.element().value();
      return value
          + " for "
          + name(
              value,
              window.start().getMillis() / kind.tickMillis,
              window.end().getMillis() / kind.tickMillis);
    }
  }

  /** What Beam's model says, with lists and loops. */
  private static final class Model {

    private final Kind kind;
    private final long lateness;
    private final Map<String, Map<Span, List<String>>> open = new TreeMap<>();
    private final Map<String, Map<Span, List<String>>> closed = new TreeMap<>();
    private final List<String> everOpen = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private long watermark = NEVER;
    private long assignments;

    private Model(Kind kind, long lateness) {
      this.kind = kind;
      this.lateness = lateness;
    }

    static Model of(Story story, Kind kind, long lateness) {
      Model model = new Model(kind, lateness);
      story.bundles().forEach(bundle -> bundle.forEach(model::take));
      return model;
    }

    private void take(Arrival arrival) {
      watermark = arrival.watermark;
      closeWindows();
      for (Span window : kind.windowsOf(arrival.tick)) {
        assignments++;
        if (isClosed(window)) {
          late.add(arrival.element + " for " + name(arrival.element, window.start, window.end));
        } else {
          add(arrival.element, window);
        }
      }
    }

    private boolean isClosed(Span window) {
      return watermark != NEVER && 2 * (window.end + lateness) <= watermark;
    }

    private void add(String element, Span window) {
      Map<Span, List<String>> windows =
          open.computeIfAbsent(element.substring(0, 1), key -> new HashMap<>());
      List<String> content = new ArrayList<>(List.of(element));
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
                closed
                    .computeIfAbsent(key, k -> new HashMap<>())
                    .put(window, windows.remove(window));
              }
            }
          });
    }

    List<String> late() {
      return late.stream().sorted().toList();
    }

    Map<String, String> results() {
      Map<String, String> results = new TreeMap<>();
      for (Map<String, Map<Span, List<String>>> part : List.of(open, closed)) {
        part.forEach(
            (key, windows) ->
                windows.forEach(
                    (window, content) ->
                        results.put(name(key, window.start, window.end), sorted(content))));
      }
      return results;
    }

    Map<String, String> sumsByKey() {
      Map<String, List<String>> elements = new TreeMap<>();
      for (Map<String, Map<Span, List<String>>> part : List.of(open, closed)) {
        part.forEach(
            (key, windows) ->
                windows
                    .values()
                    .forEach(
                        content ->
                            elements
                                .computeIfAbsent(key, any -> new ArrayList<>())
                                .addAll(content)));
      }
      Map<String, String> sums = new TreeMap<>();
      elements.forEach((key, some) -> sums.put(key, sorted(some)));
      return sums;
    }

    /** A session that has grown has had panes before. */
    boolean mayAppear(String window) {
      return kind == Kind.SESSIONS ? everOpen.contains(window) : results().containsKey(window);
    }
  }

  /** Gathers elements, and changes its accumulators wherever Beam lets it. */
  private static final class JoinFn extends CombineFn<String, List<String>, String> {

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
      return first == null ? createAccumulator() : first;
    }

    @Override
    public String extractOutput(List<String> accumulator) {
      return sorted(accumulator);
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
