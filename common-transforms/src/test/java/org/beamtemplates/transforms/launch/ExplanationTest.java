package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.beamtemplates.transforms.enrich.Enrichment;
import org.beamtemplates.transforms.enrich.LatestValue;
import org.beamtemplates.transforms.enrich.WindowJoin;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.state.KeyedState;
import org.beamtemplates.transforms.state.Transition;
import org.junit.jupiter.api.Test;

/** What the steps that keep something tell of it, each in words that its settings are seen in. */
class ExplanationTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
  private final PCollection<Ingested<String>> words = words("Words");

  @Test
  void tellsHowLongTheStateOfAKeyIsKept() {
    words.apply(
        "Count",
        KeyedState.<String, String>by(word -> word, StringUtf8Coder.of())
            .expiringAfter(Duration.ofHours(24))
            .withAllowedLateness(Duration.ofMinutes(10))
            .applying(
                (Integer count, String word, long eventTimeMillis) -> Transition.to(1),
                VarIntCoder.of(),
                StringUtf8Coder.of()));

    assertThat(page())
        .contains(
            "Count",
            "a state for each key; events up to 10m late",
            "until the watermark is 1d10m past its latest event");
  }

  @Test
  void tellsTheStateOfAStepWithinAnother() {
    words.apply(
        "Name",
        LatestValue.<String, String, String>by(word -> word, word -> word, StringUtf8Coder.of())
            .rememberedFor(Duration.ofDays(30))
            .joining(
                words("Names"),
                (String word, Optional<String> name) -> name.orElse(word),
                StringUtf8Coder.of()));

    assertThat(page()).contains("Name/Remember", "until the watermark is 60d past");
  }

  @Test
  void tellsTheWindowsOfAJoinAndWhatTheyKeep() {
    words.apply(
        "Pair",
        WindowJoin.<String, String, String>by(word -> word, word -> word, StringUtf8Coder.of())
            .inSlidingWindows(Duration.ofMinutes(10), Duration.ofMinutes(1))
            .withAllowedLateness(Duration.ofSeconds(30))
            .withMaxElements(7)
            .with(words("Right"), (left, right) -> left + right, StringUtf8Coder.of()));

    assertThat(page())
        .contains(
            "windows of 10m, one every 1m; events up to 30s late",
            "at most 7 of a key, side and window",
            "30s past the window's end");
  }

  @Test
  void tellsWhereATableIs() {
    PCollectionView<Map<String, String>> table =
        pipeline.apply("Table", Create.of(KV.of("a", "Anna"))).apply(View.asMap());

    words.apply(
        "LookUp",
        Enrichment.of(
            table,
            (String word) -> word,
            (String word, Optional<String> name) -> name.orElse(word),
            StringUtf8Coder.of()));

    assertThat(page()).contains("LookUp", "the whole table is in the memory of every worker");
  }

  private PCollection<Ingested<String>> words(String name) {
    return pipeline.apply(name, Create.empty(Ingested.coder(StringUtf8Coder.of())));
  }

  /** Returns the page in one line. */
  private String page() {
    return Explanation.of(pipeline).page("sample").replaceAll("\\s+", " ");
  }
}
