package org.beamtemplates.transforms.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.KeyMetrics;
import org.beamtemplates.testing.Records;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Instant;

/**
 * Random streams, with disorder, late events, jumps of the watermark, expiry, forgetting and
 * failures, held against a plain model: a map and a loop. The key of an event is its first letter.
 */
@Tag("property")
class KeyedStatePropertyTest {

  private static final int EARLIEST = -50;

  /** Events that come together, and how far the watermark goes on after them, in seconds. */
  record Turn(List<Event> events, int watermarkSeconds) {}

  /** An event, at so many seconds after the watermark. */
  record Event(String key, String mark, int afterWatermark) {}

  @Property
  void followsThePlainModel(
      @ForAll("stories") List<Turn> story,
      @ForAll StateStrategy strategy,
      @ForAll boolean isInBatches,
      @ForAll @IntRange(min = 1, max = 40) int timeToLive,
      @ForAll @IntRange(max = 40) int lateness) {
    Model model = new Model(timeToLive, lateness);
    TestStream<Ingested<String>> stream = tell(story, model);
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    CaughtDeadLetters dead = new CaughtDeadLetters();
    KeyedOutputs<String, String> applied;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      KeyedState<String, String> state =
          KeyedState.by((String event) -> event.substring(0, 1), StringUtf8Coder.of())
              .expiringAfter(Duration.ofSeconds(timeToLive))
              .withAllowedLateness(Duration.ofSeconds(lateness))
              .withDeadLetters(deadLetters, new TextEncoder())
              .with(strategy)
              .withBuckets(4);
      LastThree function = new LastThree();
      StringUtf8Coder text = StringUtf8Coder.of();
      applied =
          isInBatches
              ? pipeline
                  .apply(stream)
                  .apply(IngestedBatch.gathered())
                  .apply(state.applyingToBatches(function, LastThree.STATE, text))
              : pipeline.apply(stream).apply(state.applying(function, LastThree.STATE, text));
    }
    Gathered<TimestampedValue<Ingested<String>>> outputs =
        Gathered.of(applied.outputs().apply("Outputs", Reify.timestamps()));
    Gathered<TimestampedValue<Ingested<String>>> late =
        Gathered.of(applied.late().apply("Late", Reify.timestamps()));
    PipelineResult result = pipeline.run();

    assertThat(shown(outputs)).containsExactlyInAnyOrderElementsOf(model.outputs);
    assertThat(shown(late)).containsExactlyInAnyOrderElementsOf(model.late);
    assertThat(dead.letters())
        .extracting(letter -> letter.getEventTimeMs() / 1_000 + " " + letter.getErrorMessage())
        .containsExactlyInAnyOrderElementsOf(model.dead);
    if (model.in > 0) {
      assertAccounting(result)
          .dropsNothing()
          .stage("state")
          .in(model.in)
          .late(model.late.size())
          .dead(model.dead.size())
          .out(model.in - model.late.size() - model.dead.size())
          .nothingElse();
    }
    // The watermark has passed everything: whatever was remembered is reclaimed.
    assertThat(KeyMetrics.forgotten(result, "state"))
        .isEqualTo(KeyMetrics.remembered(result, "state"));
  }

  @Property
  void countsEveryEventOfAKeyOnceInWhateverOrder(
      @ForAll("stories") List<Turn> story, @ForAll StateStrategy strategy) {
    Model model = new Model(100_000, 100_000);
    TestStream<Ingested<String>> stream = tell(story, model);
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Gathered<Ingested<Integer>> counts =
        Gathered.of(
            pipeline
                .apply(stream)
                .apply(
                    KeyedState.by((String event) -> event.substring(0, 1), StringUtf8Coder.of())
                        .expiringAfter(Duration.ofSeconds(100_000))
                        .with(strategy)
                        .applying(
                            (Integer count, String event, long eventTimeMillis) ->
                                count == null
                                    ? Transition.to(1, 1)
                                    : Transition.to(count + 1, count + 1),
                            VarIntCoder.of(),
                            VarIntCoder.of()))
                .outputs());
    pipeline.run();

    Map<String, Integer> events = new HashMap<>();
    List<Integer> expected = new ArrayList<>();
    for (Turn turn : story) {
      for (Event event : turn.events) {
        expected.add(events.merge(event.key, 1, Integer::sum));
      }
    }
    assertThat(counts.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Provide
  Arbitrary<List<Turn>> stories() {
    Arbitrary<Event> event =
        Combinators.combine(
                Arbitraries.of("a", "k", "n", "b"),
                Arbitraries.frequencyOf(
                    net.jqwik.api.Tuple.of(6, Arbitraries.just("")),
                    net.jqwik.api.Tuple.of(1, Arbitraries.of("!", "?", "#"))),
                Arbitraries.integers().between(EARLIEST, 30))
            .as(Event::new);
    return Combinators.combine(
            event.list().ofMinSize(1).ofMaxSize(12), Arbitraries.integers().between(0, 60))
        .as(Turn::new)
        .list()
        .ofMaxSize(12);
  }

  /** Returns the story as a stream, and lets the model take it. */
  private static TestStream<Ingested<String>> tell(List<Turn> story, Model model) {
    TestStream.Builder<Ingested<String>> stream =
        TestStream.create(Ingested.coder(StringUtf8Coder.of()));
    Records records = Records.ofTopic("t", 0);
    int watermark = 100;
    int number = 0;
    stream = stream.advanceWatermarkTo(Instant.ofEpochSecond(watermark));
    for (Turn turn : story) {
      List<TimestampedValue<Ingested<String>>> together = new ArrayList<>();
      for (Event event : turn.events) {
        int second = watermark + event.afterWatermark;
        String value = event.key + number++ + event.mark;
        Ingested<String> element = records.ingested(value, watermark * 1_000L);
        together.add(TimestampedValue.of(element, Instant.ofEpochSecond(second)));
        model.take(event.key, value, second, watermark, element);
      }
      @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays
      TimestampedValue<Ingested<String>>[] rest =
          together.subList(1, together.size()).toArray(new TimestampedValue[0]);
      stream = stream.addElements(together.get(0), rest);
      watermark += turn.watermarkSeconds;
      stream = stream.advanceWatermarkTo(Instant.ofEpochSecond(watermark));
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static List<String> shown(Gathered<TimestampedValue<Ingested<String>>> gathered) {
    return gathered.elements().stream()
        .map(
            timed ->
                show(timed.getTimestamp().getMillis() / 1_000, timed.getValue(), timed.getValue()))
        .toList();
  }

  private static String show(long second, Ingested<?> of, Ingested<String> value) {
    return second + " " + of.origin() + " " + of.watermarkMillis() + " " + value.value();
  }

  /** Writes texts as they are. */
  static final class TextEncoder implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) {
      return value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }

  /** All in seconds. */
  private static final class Model {

    private final int timeToLive;
    private final int lateness;
    private final Map<String, List<String>> states = new HashMap<>();
    private final Map<String, Integer> last = new HashMap<>();
    private final List<String> outputs = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private final List<String> dead = new ArrayList<>();
    private long in;

    Model(int timeToLive, int lateness) {
      this.timeToLive = timeToLive;
      this.lateness = lateness;
    }

    void take(String key, String value, int second, int watermark, Ingested<String> element) {
      in++;
      if (second + lateness < watermark) {
        late.add(show(second, element, element));
        return;
      }
      if (value.endsWith("#")) {
        dead.add(second + " cannot bear " + value);
        return;
      }
      if (states.containsKey(key) && second - last.get(key) > timeToLive) {
        states.remove(key);
        last.remove(key);
      }
      List<String> state = states.computeIfAbsent(key, any -> new ArrayList<>());
      state.add(value);
      if (state.size() > 3) {
        state.remove(0);
      }
      last.merge(key, second, Math::max);
      for (int times = value.endsWith("?") ? 2 : 1; times > 0; times--) {
        outputs.add(show(second, element, element.with(String.join(" ", state))));
      }
      if (value.endsWith("!")) {
        states.remove(key);
        last.remove(key);
      }
    }
  }
}
