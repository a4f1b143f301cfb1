package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Contextful;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.testing.Gathered;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class DeadLettersTest {

  private final GatheringSink sink = new GatheringSink();
  private final DeadLetters deadLetters = DeadLetters.of("shop", "1.0", sink);

  @Test
  void takesCollectionsOfEveryWindowing(TestPipeline pipeline) {
    PCollection<DeadLetter> fixed =
        letters(pipeline, "fixed").apply("Fixed", Window.into(FixedWindows.of(Duration.millis(1))));
    PCollection<DeadLetter> sessions =
        letters(pipeline, "sessions")
            .apply("Sessions", Window.into(Sessions.withGapDuration(Duration.millis(1))));
    PCollection<DeadLetter> triggered =
        letters(pipeline, "triggered")
            .apply(
                "Triggered",
                Window.<DeadLetter>into(new GlobalWindows())
                    .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                    .withAllowedLateness(Duration.ZERO)
                    .accumulatingFiredPanes());

    deadLetters.add("a", fixed);
    deadLetters.add("b", sessions);
    deadLetters.add("c", triggered);
    deadLetters.close();
    pipeline.run();

    assertThat(sink.stages()).containsExactlyInAnyOrder("fixed", "sessions", "triggered");
  }

  @Test
  void dropsNothingThatIsBehindTheWatermark(TestPipeline pipeline) {
    PCollection<DeadLetter> late =
        pipeline
            .apply(
                TestStream.create(DeadLetterCoder.of())
                    .addElements(TimestampedValue.of(letter("in-time"), second(1_000)))
                    .advanceWatermarkTo(second(2_000))
                    .addElements(TimestampedValue.of(letter("late"), second(1)))
                    .advanceWatermarkToInfinity())
            .apply(Window.into(FixedWindows.of(Duration.standardSeconds(60))));
    // A sink that groups is where Beam drops what is late for its window.
    DeadLetters grouped =
        DeadLetters.of(
            "shop",
            "1.0",
            letters ->
                sink.write(
                    letters
                        .apply(
                            "EachAlone",
                            Window.<DeadLetter>configure()
                                .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                                .withAllowedLateness(Duration.ZERO)
                                .discardingFiredPanes())
                        .apply(WithKeys.of(DeadLetter::getStage))
                        .setCoder(
                            org.apache.beam.sdk.coders.KvCoder.of(
                                StringUtf8Coder.of(), DeadLetterCoder.of()))
                        .apply(GroupByKey.create())
                        .apply(Values.create())
                        .apply(Flatten.iterables())));
    grouped.add("a", late);
    grouped.close();

    assertThat(DroppedElements.of(pipeline.run())).isZero();
    assertThat(sink.stages()).containsExactlyInAnyOrder("in-time", "late");
  }

  @Test
  void attachesTheSinkOnceHoweverOftenItIsClosed(TestPipeline pipeline) {
    deadLetters.add("a", letters(pipeline, "a"));
    deadLetters.close();
    deadLetters.close();
    pipeline.run();

    assertThat(sink.attached).hasSize(1);
    assertThat(sink.stages()).containsExactly("a");
  }

  @Test
  void attachesNoSinkIfNothingCanFail() {
    deadLetters.close();

    assertThat(sink.attached).isEmpty();
  }

  @Test
  void refusesWhatWouldBeLost(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    PCollection<DeadLetter> letters = letters(pipeline, "a");
    deadLetters.add("a", letters);

    assertThatThrownBy(() -> deadLetters.add("a", letters))
        .hasMessage("dead letters of stage 'a' added twice");
    deadLetters.close();
    assertThatThrownBy(() -> deadLetters.add("b", letters))
        .hasMessage("dead letters of 'b' added after close()");
  }

  @Test
  void takesTheBadRecordsOfBeamsOwnTransforms(TestPipeline pipeline, @TempDir Path folder)
      throws Exception {
    try (deadLetters;
        ErrorHandler<BadRecord, PCollection<DeadLetter>> handler =
            deadLetters.beamErrorHandler("write", Categories.DELIVER)) {
      writeByLength(pipeline, folder, handler);
    }
    pipeline.run();

    assertThat(folder.resolve("lines-00000-of-00001.txt")).hasContent("short");
    assertThat(sink.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getStage()).isEqualTo("write");
              assertThat(letter.getCategory()).isEqualTo("DELIVER");
              assertThat(letter.getErrorClass()).isEqualTo(BadRecord.class.getName());
              assertThat(letter.getErrorMessage()).contains("too long");
              assertThat(letter.getErrorStack()).contains("too long");
              assertThat(UTF_8.decode(letter.getPayload().duplicate()).toString())
                  .contains("much too long");
              assertThat(letter.getReplayable()).isTrue();
              assertThat(letter.getSource()).isNull();
            });
  }

  @Test
  void losesNoBadRecordIfTheHandlerIsNotClosed(TestPipeline pipeline, @TempDir Path folder) {
    writeByLength(pipeline, folder, deadLetters.beamErrorHandler("write", Categories.DELIVER));
    deadLetters.close();
    pipeline.run();

    assertThat(sink.stages()).containsExactly("write");
  }

  @Test
  void takesBadRecordsThatSayAlmostNothing(TestPipeline pipeline) throws Exception {
    try (deadLetters;
        ErrorHandler<BadRecord, PCollection<DeadLetter>> handler =
            deadLetters.beamErrorHandler("map", Categories.ENRICH)) {
      handler.addErrorCollection(
          pipeline.apply(
              "One", Create.of(bad("{\"a\":1}")).withCoder(BadRecord.getCoder(pipeline))));
      // In other windows, which Beam's own handler would refuse.
      handler.addErrorCollection(
          pipeline
              .apply("Two", Create.of(bad("{\"a\":2}")).withCoder(BadRecord.getCoder(pipeline)))
              .apply(Window.into(FixedWindows.of(Duration.millis(1)))));
    }
    pipeline.run();

    assertThat(sink.letters())
        .hasSize(2)
        .allSatisfy(letter -> assertThat(letter.getReplayable()).isFalse())
        .extracting(DeadLetter::getId)
        .doesNotHaveDuplicates();
  }

  @Test
  void addsNothingForAHandlerThatNoTransformHasUsed() throws Exception {
    ErrorHandler<BadRecord, PCollection<DeadLetter>> handler =
        deadLetters.beamErrorHandler("write", Categories.DELIVER);
    assertThatThrownBy(handler::getOutput).hasMessageContaining("still open");
    handler.close();
    handler.close();
    deadLetters.close();

    assertThat(handler.isClosed()).isTrue();
    assertThat(handler.getOutput()).isNull();
    assertThat(sink.attached).isEmpty();
  }

  private static BadRecord bad(String json) {
    return BadRecord.builder()
        .setRecord(BadRecord.Record.builder().setHumanReadableJsonRecord(json).build())
        .setFailure(BadRecord.Failure.builder().setDescription("it failed").build())
        .build();
  }

  private static void writeByLength(
      TestPipeline pipeline, Path folder, ErrorHandler<BadRecord, ?> handler) {
    pipeline
        .apply("Lines", Create.of("short", "much too long"))
        .apply(
            "Write",
            FileIO.<String, String>writeDynamic()
                .by(DeadLettersTest::destination)
                .withDestinationCoder(StringUtf8Coder.of())
                .via(Contextful.fn(line -> line), TextIO.sink())
                .withNaming(name -> FileIO.Write.defaultNaming(name, ".txt"))
                .to(folder.toString())
                .withNumShards(1)
                .withBadRecordErrorHandler(handler));
  }

  private static String destination(String line) {
    if (line.length() > 10) {
      throw new IllegalArgumentException("too long");
    }
    return "lines";
  }

  private static PCollection<DeadLetter> letters(TestPipeline pipeline, String stage) {
    return pipeline.apply(
        "Create-" + stage, Create.of(letter(stage)).withCoder(DeadLetterCoder.of()));
  }

  private static DeadLetter letter(String stage) {
    return DeadLetters.of("shop", "1.0", letters -> null)
        .stage(stage)
        .ofValue(Categories.DELIVER, stage, new byte[] {1}, "x/y", 5L, new Exception("no"));
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static final class GatheringSink implements DeadLetterSink {

    private final List<Gathered<DeadLetter>> attached = new ArrayList<>();

    @Override
    public POutput write(PCollection<DeadLetter> deadLetters) {
      attached.add(Gathered.of(deadLetters));
      return PDone.in(deadLetters.getPipeline());
    }

    List<DeadLetter> letters() {
      return attached.stream().flatMap(gathered -> gathered.elements().stream()).toList();
    }

    List<String> stages() {
      return letters().stream().map(DeadLetter::getStage).toList();
    }
  }
}
