package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Instant;

/**
 * Random streams told to sessions of both strategies at once, and to a model made of lists and
 * loops. Sessions have a gap of {@value #GAP} ms; the key of an element is its first letter.
 */
@Tag("property")
class SessionAggregationPropertyTest {

  private static final long GAP = 800;
  private static final long NEVER = Long.MIN_VALUE;

  /** An element of a key, so far behind the watermark; or, without a key, the watermark's way. */
  record Step(String key, int millis) {}

  @Property
  void givesThePanesOfBeamIfElementsComeOneByOne(
      @ForAll("stories") Story story,
      @ForAll("latenesses") int lateness,
      @ForAll boolean accumulating) {
    Both both = run(story.oneByOne(), lateness, false, accumulating);

    assertThat(panes(both.twoLevel)).isEqualTo(panes(both.plain));
    assertThat(late(both.twoLevel))
        .isEqualTo(late(both.plain))
        .isEqualTo(model(story, lateness).late);
  }

  @Property
  void putsEachElementWhereItBelongs(
      @ForAll("stories") Story story, @ForAll("latenesses") int lateness) {
    Model model = model(story, lateness);
    Both both = run(story.together(), lateness, false, true);

    Map<String, String> last = lastPanes(both.twoLevel);
    assertThat(last).containsAllEntriesOf(model.results());
    assertThat(model.everOpen).containsAll(last.keySet());
    assertThat(late(both.twoLevel)).isEqualTo(late(both.plain)).isEqualTo(model.late);
  }

  @Property
  void holdsEachElementOnceIfPanesDiscard(
      @ForAll("stories") Story story, @ForAll("latenesses") int lateness) {
    Both both = run(story.together(), lateness, true, false);

    List<String> held = new ArrayList<>();
    for (WindowResult<String, String> pane : both.twoLevel.results.elements()) {
      held.addAll(List.of(pane.value().split(" ", -1)));
    }
    both.twoLevel.late.elements().forEach(late -> held.add(late.element().value()));
    assertThat(held).containsExactlyInAnyOrderElementsOf(story.elements());
  }

  @Provide
  Arbitrary<Story> stories() {
    Arbitrary<Step> nearby = elements(Arbitraries.integers().between(-1_000, 900));
    Arbitrary<Step> anywhere = elements(Arbitraries.integers().between(-1_000, 6_000));
    Arbitrary<Step> watermark =
        Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.integers().between(0, 60)),
                Tuple.of(4, Arbitraries.integers().between(0, 1_500)))
            .map(millis -> new Step("", millis));
    Arbitrary<List<Step>> steps =
        Arbitraries.frequencyOf(Tuple.of(5, nearby), Tuple.of(2, anywhere), Tuple.of(3, watermark))
            .list()
            .ofMinSize(1)
            .ofMaxSize(60)
            .filter(some -> some.stream().anyMatch(step -> !step.key.isEmpty()));
    // Half the gap, or all of it: times at which sessions just meet, end and close.
    return Combinators.combine(steps, Arbitraries.of(1, 400, 800)).as(Story::of);
  }

  private static Arbitrary<Step> elements(Arbitrary<Integer> behind) {
    return Combinators.combine(Arbitraries.of("a", "b", "c"), behind).as(Step::new);
  }

  @Provide
  Arbitrary<Integer> latenesses() {
    return Arbitraries.of(0, 1, 500, 2_500);
  }

  private record OneOf(
      Gathered<WindowResult<String, String>> results, Gathered<LateElement<String>> late) {}

  private record Both(OneOf plain, OneOf twoLevel) {}

  private static Both run(
      TestStream<String> stream, int lateness, boolean isInBatches, boolean accumulating) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<Ingested<String>> elements = pipeline.apply(stream).apply(StampWatermark.create());
    Both both =
        new Both(
            aggregate(elements, Strategy.PLAIN, "plain", lateness, false, accumulating),
            aggregate(
                elements, Strategy.TWO_LEVEL, "two-level", lateness, isInBatches, accumulating));
    PipelineResult result = pipeline.run();
    assertAccounting(result).balances().dropsNothing();
    return both;
  }

  private static OneOf aggregate(
      PCollection<Ingested<String>> elements,
      Strategy strategy,
      String name,
      int lateness,
      boolean isInBatches,
      boolean accumulating) {
    WindowedAggregation<String, String> sessions =
        WindowedAggregation.<String, String>by(
                element -> element.substring(0, 1), StringUtf8Coder.of())
            .inSessions(Duration.ofMillis(GAP))
            .withAllowedLateness(Duration.ofMillis(lateness))
            .named(name)
            .with(strategy);
    sessions = accumulating ? sessions.accumulating() : sessions.discarding();
    Aggregated<String, String, String> aggregated =
        isInBatches
            ? elements
                .apply("Gather-" + name, IngestedBatch.gathered())
                .apply(name, sessions.combiningBatches(new JoinFn()))
            : elements.apply(name, sessions.combining(new JoinFn()));
    return new OneOf(Gathered.of(aggregated.results()), Gathered.of(aggregated.late()));
  }

  private static Model model(Story story, int lateness) {
    Model model = new Model(lateness);
    story.moments.forEach(model::take);
    return model;
  }

  /** All panes; whether a session that was late as a whole is on time is the runner's to say. */
  private static Set<String> panes(OneOf one) {
    Set<String> shown = new TreeSet<>();
    for (WindowResult<String, String> pane : one.results.elements()) {
      String what =
          name(pane.key(), pane.windowStartMillis(), pane.windowEndMillis())
              + " #"
              + pane.revision()
              + (pane.timing() == Timing.EARLY ? " early " : " ")
              + pane.value();
      assertThat(shown.add(what)).describedAs("%s is there once", what).isTrue();
    }
    return shown;
  }

  private static Map<String, String> lastPanes(OneOf one) {
    Map<String, Long> revisions = new HashMap<>();
    Map<String, String> last = new TreeMap<>();
    for (WindowResult<String, String> pane : one.results.elements()) {
      String window = name(pane.key(), pane.windowStartMillis(), pane.windowEndMillis());
      if (revisions.getOrDefault(window, -1L) < pane.revision()) {
        revisions.put(window, pane.revision());
        last.put(window, pane.value());
      }
    }
    return last;
  }

  private static Set<String> late(OneOf one) {
    Set<String> shown = new TreeSet<>();
    for (LateElement<String> late : one.late.elements()) {
      String value = late.element().value();
      long end = late.window().maxTimestamp().getMillis() + 1;
      assertThat(shown.add(value + " for " + name(value, late.eventTimeMillis(), end)))
          .describedAs("%s is late once", value)
          .isTrue();
    }
    return shown;
  }

  private static String name(String element, long start, long end) {
    return element.charAt(0) + " " + start + "-" + end;
  }

  /** An element with its time; or, with an empty name, where the watermark is. */
  private record Moment(String element, long millis) {

    boolean isWatermark() {
      return element.isEmpty();
    }
  }

  private record Story(List<Moment> moments) {

    /** Times are rounded to multiples of a unit. */
    static Story of(List<Step> steps, int unit) {
      List<Moment> moments = new ArrayList<>();
      long watermark = 0;
      for (Step step : steps) {
        if (step.key.isEmpty()) {
          watermark += step.millis;
          moments.add(new Moment("", round(watermark, unit)));
        } else {
          long time = round(watermark - step.millis, unit);
          moments.add(new Moment(step.key + moments.size(), time));
        }
      }
      return new Story(moments);
    }

    private static long round(long millis, int unit) {
      return Math.floorDiv(millis, unit) * unit;
    }

    List<String> elements() {
      return moments.stream().filter(one -> !one.isWatermark()).map(Moment::element).toList();
    }

    TestStream<String> oneByOne() {
      return stream(1);
    }

    TestStream<String> together() {
      return stream(Integer.MAX_VALUE);
    }

    private TestStream<String> stream(int most) {
      TestStream.Builder<String> stream = TestStream.create(StringUtf8Coder.of());
      List<TimestampedValue<String>> bundle = new ArrayList<>();
      long watermark = NEVER;
      for (Moment moment : moments) {
        if (!moment.isWatermark()) {
          Instant time = Instant.ofEpochMilli(moment.millis);
          bundle.add(TimestampedValue.of(moment.element, time));
        }
        if (moment.isWatermark() || bundle.size() == most) {
          stream = add(stream, bundle);
        }
        if (moment.isWatermark() && moment.millis > watermark) {
          watermark = moment.millis;
          stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
        }
      }
      return add(stream, bundle).advanceWatermarkToInfinity();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the array is made here and only read
    private static TestStream.Builder<String> add(
        TestStream.Builder<String> stream, List<TimestampedValue<String>> bundle) {
      if (bundle.isEmpty()) {
        return stream;
      }
      TimestampedValue<String>[] rest =
          bundle.subList(1, bundle.size()).toArray(TimestampedValue[]::new);
      TimestampedValue<String> first = bundle.get(0);
      bundle.clear();
      return stream.addElements(first, rest);
    }
  }

  /** What Beam's model says, with lists and loops. */
  private static final class Model {

    private record Window(String key, long start, long end) {

      boolean touches(Window other) {
        return key.equals(other.key) && start < other.end && other.start < end;
      }

      String show() {
        return name(key, start, end);
      }
    }

    private final long lateness;
    private final Map<Window, TreeSet<String>> open = new HashMap<>();
    private final Map<Window, TreeSet<String>> closed = new HashMap<>();
    private final Set<String> everOpen = new TreeSet<>();
    private final Set<String> late = new TreeSet<>();
    private long watermark = NEVER;

    Model(long lateness) {
      this.lateness = lateness;
    }

    void take(Moment moment) {
      if (moment.isWatermark()) {
        watermark = moment.millis;
        for (Window window : List.copyOf(open.keySet())) {
          if (isClosed(window)) {
            closed.put(window, open.remove(window));
          }
        }
        return;
      }
      Window own = new Window(moment.element.substring(0, 1), moment.millis, moment.millis + GAP);
      if (isClosed(own)) {
        late.add(moment.element + " for " + own.show());
      } else {
        add(moment.element, own);
      }
    }

    private boolean isClosed(Window window) {
      return watermark != NEVER && window.end - 1 + lateness < watermark;
    }

    private void add(String element, Window own) {
      TreeSet<String> content = new TreeSet<>(List.of(element));
      Window whole = own;
      for (Window other : List.copyOf(open.keySet())) {
        if (other.touches(own)) {
          content.addAll(open.remove(other));
          whole =
              new Window(
                  own.key, Math.min(whole.start, other.start), Math.max(whole.end, other.end));
        }
      }
      open.put(whole, content);
      everOpen.add(whole.show());
    }

    Map<String, String> results() {
      Map<String, String> results = new TreeMap<>();
      for (Map<Window, TreeSet<String>> some :
          List.<Map<Window, TreeSet<String>>>of(open, closed)) {
        some.forEach((window, content) -> results.put(window.show(), String.join(" ", content)));
      }
      return results;
    }
  }

  /** Joins elements in their order. Changes accumulators wherever a CombineFn may. */
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
