package org.beamtemplates.transforms.aggregate;

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
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.KeyMetrics;
import org.beamtemplates.testing.Records;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Instant;

/**
 * Random streams of elements with few ids, held against a plain model. The id of an element is its
 * first letter.
 */
@Tag("property")
class DeduplicationPropertyTest {

  private static final int WINDOW = 20;
  private static final int LATENESS = 10;

  /** Elements that come together, and how far the watermark goes on after them, in seconds. */
  record Turn(List<Event> events, int watermarkSeconds) {}

  /** An element, at so many seconds after the watermark. */
  record Event(String letter, int afterWatermark) {}

  @Property
  void remembersEachIdForTheHorizonAndNoWindowCountsItTwice(
      @ForAll("stories") List<Turn> story,
      @ForAll StateStrategy strategy,
      @ForAll boolean isInBatches) {
    Model model = new Model();
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Deduplication<String> deduplication =
        Deduplication.by(
                (String element) -> element.substring(0, 1), Duration.ofSeconds(WINDOW + LATENESS))
            .with(strategy)
            .withBuckets(4);
    PCollection<Ingested<String>> elements = pipeline.apply(tell(story, model));
    PCollection<Ingested<String>> unique =
        isInBatches
            ? elements
                .apply("Gather", IngestedBatch.gathered())
                .apply(deduplication.ofBatches())
                .apply("Each", IngestedBatch.each())
            : elements.apply(deduplication);
    Gathered<Ingested<String>> passed = Gathered.of(unique);
    Gathered<WindowResult<String, Long>> counts =
        Gathered.of(
            unique
                .apply(
                    WindowedAggregation.by(
                            (String element) -> element.substring(0, 1), StringUtf8Coder.of())
                        .inFixedWindows(Duration.ofSeconds(WINDOW))
                        .withAllowedLateness(Duration.ofSeconds(LATENESS))
                        .combining(Count.combineFn()))
                .results());
    PipelineResult result = pipeline.run();

    assertThat(passed.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrderElementsOf(model.passed);
    assertThat(counts.elements()).extracting(WindowResult::value).allMatch(count -> count == 1);
    if (model.in == 0) {
      return;
    }
    assertAccounting(result)
        .balances()
        .dropsNothing()
        .stage("deduplicate")
        .in(model.in)
        .out(model.passed.size())
        .duplicate(model.in - model.passed.size())
        .nothingElse();
    assertThat(KeyMetrics.forgotten(result, "deduplicate"))
        .isEqualTo(KeyMetrics.remembered(result, "deduplicate"));
  }

  @Provide
  Arbitrary<List<Turn>> stories() {
    Arbitrary<Event> event =
        Combinators.combine(Arbitraries.of("a", "k", "b"), Arbitraries.integers().between(-35, 5))
            .as(Event::new);
    return Combinators.combine(
            event.list().ofMinSize(1).ofMaxSize(15), Arbitraries.integers().between(0, 12))
        .as(Turn::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  private static TestStream<Ingested<String>> tell(List<Turn> story, Model model) {
    TestStream.Builder<Ingested<String>> stream =
        TestStream.create(Ingested.coder(StringUtf8Coder.of()));
    Records records = Records.ofTopic("t", 0);
    int watermark = 100;
    stream = stream.advanceWatermarkTo(Instant.ofEpochSecond(watermark));
    for (Turn turn : story) {
      List<TimestampedValue<Ingested<String>>> together = new ArrayList<>();
      for (Event event : turn.events) {
        int second = watermark + event.afterWatermark;
        String value = event.letter + model.in;
        if (!model.take(event.letter, value, second, watermark)) {
          continue;
        }
        together.add(
            TimestampedValue.of(
                records.ingested(value, watermark * 1_000L),
                // Whether a timer fires at the watermark or after it is the runner's choice.
                Instant.ofEpochMilli(second * 1_000L + 500)));
      }
      if (!together.isEmpty()) {
        @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays
        TimestampedValue<Ingested<String>>[] rest =
            together.subList(1, together.size()).toArray(new TimestampedValue[0]);
        stream = stream.addElements(together.get(0), rest);
      }
      watermark += turn.watermarkSeconds;
      stream = stream.advanceWatermarkTo(Instant.ofEpochSecond(watermark));
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static final class Model {

    private final Map<String, Integer> forgottenAt = new HashMap<>();
    private final List<String> passed = new ArrayList<>();
    private int in;

    /** Returns false for what would be forgotten as it comes: how soon is the runner's choice. */
    boolean take(String id, String value, int second, int watermark) {
      if (forgottenAt.getOrDefault(id, watermark) <= watermark) {
        int forgotten = second + WINDOW + LATENESS + 1;
        if (forgotten <= watermark) {
          return false;
        }
        forgottenAt.put(id, forgotten);
        passed.add(value);
      }
      in++;
      return true;
    }
  }
}
