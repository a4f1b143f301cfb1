package org.beamtemplates.transforms.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.ManualTime;
import org.beamtemplates.testing.Records;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.Replay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Conforms(subject = "Enrichment", capability = "looks values up")
@Tag(Conforms.UNBOUNDED)
class EnrichmentTest {

  private static final AtomicInteger LOADS = new AtomicInteger();

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @BeforeEach
  void nothingIsLoaded() {
    LOADS.set(0);
  }

  @Test
  void keepsTimestampWindowCoordinatesAndWatermark() {
    Records records = Records.ofTopic("sales", 2).startingAt(7);
    PCollection<Ingested<String>> enriched =
        pipeline
            .apply(Create.of(records.ingested("a", 42)).withCoder(Ingested.coder(utf8())))
            .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
            .apply(enrichment(fixedTable()));
    Gathered<Ingested<String>> gathered = Gathered.of(enriched);
    pipeline.run();

    assertThat(gathered.elements())
        .containsExactly(new Ingested<>("a=1", Origin.kafka("sales", 2, 7), 42));
    assertThat(enriched.getWindowingStrategy().getWindowFn())
        .isEqualTo(FixedWindows.of(org.joda.time.Duration.standardMinutes(1)));
  }

  @Test
  void passesMissesOnUnlessSaidOtherwise() {
    assertThat(valuesOf(MissPolicy.passOn())).containsExactlyInAnyOrder("a=1", "x=none");
    assertAccounting(result).balances().stage("enrich").in(2).out(2).nothingElse();
  }

  @Test
  void enrichesMissesWithTheDefault() {
    assertThat(valuesOf(MissPolicy.useDefault("?"))).containsExactlyInAnyOrder("a=1", "x=?");
  }

  @Test
  void dropsMissesAndCountsThem() {
    assertThat(valuesOf(MissPolicy.drop())).containsExactly("a=1");
    assertAccounting(result).balances().stage("enrich").in(2).out(1).filtered(1).nothingElse();
  }

  @Test
  void makesDeadLettersOfMisses() {
    CaughtDeadLetters caught = new CaughtDeadLetters();
    Gathered<Ingested<String>> enriched;
    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", caught)) {
      enriched =
          Gathered.of(
              input("a", "x", "unspeakable")
                  .apply(
                      enrichment(fixedTable())
                          .named("names")
                          .withMisses(MissPolicy.deadLetter())
                          .withDeadLetters(deadLetters, new TextEncoder())));
    }
    PipelineResult result = pipeline.run();

    assertThat(enriched.elements()).extracting(Ingested::value).containsExactly("a=1");
    caught
        .check()
        .has(
            letter("ENRICH")
                .stage("names")
                .from(Origin.file("sales.txt", 1))
                .payload("x")
                .message("nothing is known for the key x")
                .where("can be replayed", one -> one.getReplayable()))
        .has(
            letter("ENRICH")
                .from(Origin.file("sales.txt", 2))
                .where("cannot be replayed", one -> !one.getReplayable()))
        .noOthers();
    assertAccounting(result).balances().stage("names").in(3).out(1).dead(2).nothingElse();
  }

  @Test
  void makesDeadLettersOfElementsThatAFunctionFailsForWhateverBecomesOfMisses() {
    CaughtDeadLetters caught = new CaughtDeadLetters();
    Gathered<Ingested<String>> enriched;
    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", caught)) {
      enriched =
          Gathered.of(
              input("a", "no key", "no join")
                  .apply(
                      Enrichment.of(
                              fixedTable(),
                              EnrichmentTest::keyOrFail,
                              EnrichmentTest::joinOrFail,
                              utf8())
                          .withDeadLetters(deadLetters, new TextEncoder())));
    }
    PipelineResult result = pipeline.run();

    assertThat(enriched.elements()).extracting(Ingested::value).containsExactly("a=1");
    caught
        .check()
        .has(letter("ENRICH").from(Origin.file("sales.txt", 1)).message("has no key"))
        .has(letter("ENRICH").from(Origin.file("sales.txt", 2)).message("cannot be joined"))
        .noOthers();
    assertAccounting(result).balances().stage("enrich").in(3).out(1).dead(2).nothingElse();
  }

  @Test
  void keepsTheStoryOfAReplay() {
    Origin replayed = Origin.kafka("sales", 3, 9).replayed(new Replay("id-before", 2, 1_234));
    CaughtDeadLetters caught = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", caught)) {
      pipeline
          .apply(Create.of(Ingested.of("x", replayed)).withCoder(Ingested.coder(utf8())))
          .apply(
              enrichment(fixedTable())
                  .withMisses(MissPolicy.deadLetter())
                  .withDeadLetters(deadLetters, new TextEncoder()));
    }
    pipeline.run();

    caught
        .check()
        .has(
            letter("ENRICH")
                .where("is the second attempt", one -> one.getAttempts() == 2)
                .where("names the first", one -> "id-before".equals(one.getPreviousId()))
                .where("began then", one -> one.getFirstFailureMs() == 1_234)
                .where("is where it first was", one -> one.getOffset() == 9))
        .noOthers();
  }

  private static String keyOrFail(String value) {
    if (value.equals("no key")) {
      throw new IllegalStateException("has no key");
    }
    return value;
  }

  private static String joinOrFail(String value, Optional<String> found) {
    if (value.equals("no join")) {
      throw new IllegalStateException("cannot be joined");
    }
    return value + "=" + found.orElse("none");
  }

  @Test
  @Tag(Conforms.ARRIVAL_ORDER)
  void seesANewTableAfterAReload() {
    assertThat(
            valuesOfStory(
                Scenario.of(utf8())
                    .at("00:01", "tick")
                    .at("00:02", "a")
                    .at("00:03", "tick")
                    .at("00:04", "a")
                    .thenEnds(),
                EnrichmentTest::loadCount))
        .containsExactlyInAnyOrder("a=1", "a=2");
  }

  @Test
  @Tag(Conforms.ARRIVAL_ORDER)
  void keepsTheLastTableThatWasGood() {
    assertThat(
            valuesOfStory(
                Scenario.of(utf8())
                    .at("00:01", "tick")
                    .at("00:02", "a")
                    .at("00:03", "tick")
                    .at("00:04", "a")
                    .at("00:05", "tick")
                    .at("00:06", "a")
                    .thenEnds(),
                () -> failing(2)))
        .containsExactlyInAnyOrder("a=1", "a=1", "a=3");
    assertThat(counter("table.loaded")).isEqualTo(2);
    assertThat(counter("table.failed")).isEqualTo(1);
  }

  @Test
  @Tag(Conforms.ARRIVAL_ORDER)
  void letsElementsWaitForTheFirstTable() {
    assertThat(
            valuesOfStory(
                Scenario.of(utf8())
                    .at("00:01", "a")
                    .at("00:02", "tick")
                    .at("00:03", "a")
                    .at("00:04", "tick")
                    .thenEnds(),
                () -> failing(1)))
        .containsExactlyInAnyOrder("a=2", "a=2");
  }

  @Test
  void loadsAtAnInterval() {
    TestPipeline running =
        TestPipeline.fromOptions(RunningPipeline.options(PipelineOptions.class))
            .enableAbandonedNodeEnforcement(false);
    PCollectionView<Map<String, String>> table =
        running.apply(
            "Table",
            SlowTable.reloadEvery(
                Duration.ofMillis(50), EnrichmentTest::loadCount, utf8(), utf8()));
    running
        .apply(Create.of(Ingested.of("a", Origin.none())).withCoder(Ingested.coder(utf8())))
        .apply(enrichment(table));

    try (RunningPipeline job = RunningPipeline.start(running)) {
      job.await(() -> LOADS.get() >= 3);
    }
  }

  @Test
  void loadsOnceForTicksThatCameLate() throws Exception {
    ManualTime time = new ManualTime();
    LoadFn<Integer, String, String> load = new LoadFn<>(EnrichmentTest::loadCount, 30_000, time);

    KV<Long, Map<String, String>> first = load.load().orElseThrow();
    assertThat(load.load()).isEmpty();
    time.advance(Duration.ofSeconds(29));
    assertThat(load.load()).isEmpty();
    time.advance(Duration.ofSeconds(1));
    KV<Long, Map<String, String>> second = load.load().orElseThrow();

    assertThat(first.getValue()).isEqualTo(Map.of("a", "1"));
    assertThat(second.getValue()).isEqualTo(Map.of("a", "2"));
    assertThat(second.getKey() - first.getKey()).isEqualTo(30_000);
  }

  @Test
  void refusesToLoseMisses() {
    Enrichment<String, String, String, String> enrichment =
        enrichment(fixedTable()).withMisses(MissPolicy.deadLetter());

    assertThatThrownBy(() -> input("a").apply(enrichment))
        .hasMessageContaining("withDeadLetters(…) is missing")
        .hasMessageContaining("'enrich'");
    assertThatThrownBy(() -> MissPolicy.useDefault(Optional.of("")))
        .hasMessageContaining("the default must be Serializable");
    assertThatThrownBy(() -> SlowTable.reloadEvery(Duration.ZERO, Map::of, utf8(), utf8()))
        .hasMessageContaining("every 1 ms at most, not PT0S");
  }

  private PipelineResult result;

  private List<String> valuesOf(MissPolicy<String> misses) {
    Gathered<Ingested<String>> enriched =
        Gathered.of(input("a", "x").apply(enrichment(fixedTable()).withMisses(misses)));
    result = pipeline.run();
    return enriched.elements().stream().map(Ingested::value).toList();
  }

  private List<String> valuesOfStory(
      TestStream<Ingested<String>> story, TableLoader<String, String> loader) {
    PCollection<Ingested<String>> all = pipeline.apply(story);
    PCollectionView<Map<String, String>> table =
        SlowTable.reloadEvery(Duration.ofHours(1), loader, utf8(), utf8())
            .reloadAt(all.apply("Ticks", Filter.by(one -> one.value().equals("tick"))));
    Gathered<Ingested<String>> enriched =
        Gathered.of(
            all.apply("Sales", Filter.by(one -> !one.value().equals("tick")))
                .apply(enrichment(table)));
    result = pipeline.run();
    assertAccounting(result).balances().dropsNothing();
    return enriched.elements().stream().map(Ingested::value).toList();
  }

  private PCollection<Ingested<String>> input(String... values) {
    Records records = Records.ofFile("sales.txt");
    return pipeline.apply(
        "Input-" + values.length,
        Create.of(Arrays.stream(values).map(records::<String>ingested).toList())
            .withCoder(Ingested.coder(utf8())));
  }

  private PCollectionView<Map<String, String>> fixedTable() {
    return pipeline
        .apply("FixedTable", Create.of(KV.of("a", "1"), KV.of("b", "2")))
        .apply(View.asMap());
  }

  private static Enrichment<String, String, String, String> enrichment(
      PCollectionView<Map<String, String>> table) {
    return Enrichment.of(
        table,
        (String value) -> value,
        (String value, Optional<String> found) -> value + "=" + found.orElse("none"),
        utf8());
  }

  private static Map<String, String> loadCount() {
    return Map.of("a", String.valueOf(LOADS.incrementAndGet()));
  }

  private static Map<String, String> failing(int load) throws IOException {
    Map<String, String> table = loadCount();
    if (LOADS.get() == load) {
      throw new IOException("away");
    }
    return table;
  }

  private long counter(String name) {
    return result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder().addNameFilter(MetricNameFilter.named("enrich", name)).build())
        .getCounters()
        .iterator()
        .next()
        .getAttempted();
  }

  private static StringUtf8Coder utf8() {
    return StringUtf8Coder.of();
  }

  static final class TextEncoder implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) throws EncodeException {
      if (value.equals("unspeakable")) {
        throw new EncodeException("cannot say " + value);
      }
      return value.getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
