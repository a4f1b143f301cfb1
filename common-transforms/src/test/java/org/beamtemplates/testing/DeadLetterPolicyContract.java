package org.beamtemplates.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterSink;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.Guarded;
import org.beamtemplates.transforms.launch.DeadLetterPolicyOptions;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How a runner stops a job that makes too many dead letters. A runner's module tests itself by
 * extending this.
 */
public abstract class DeadLetterPolicyContract {

  /** What the sink of dead letters was given, in this JVM. */
  private static final Queue<String> WRITTEN = new ConcurrentLinkedQueue<>();

  private final String config;

  /**
   * Tests a config.
   *
   * @param config name of the config, whose option file is in the folder of the module
   */
  protected DeadLetterPolicyContract(String config) {
    this.config = config;
  }

  @BeforeEach
  void nothingIsWritten() {
    WRITTEN.clear();
  }

  @Test
  void failFastStopsAStreamAtItsFirstDeadLetterWhichIsKept() {
    Launched launched = launch(stream(1_000), "--failFast=true");

    assertThat(launched.exitCode()).isEqualTo(Launcher.STOPPED_BY_POLICY);
    assertThat(launched.err())
        .contains("numbers STOPPED after")
        .contains("stage 'halve' has made")
        .contains("--failFast allows none");
    assertThat(launched.out()).doesNotContain("CANCELLED on request");
    assertThat(WRITTEN).isNotEmpty();
  }

  @Test
  void theCircuitBreakerStopsAStreamWithTooLargeAShare() {
    Launched launched = launch(stream(3), "--maxDeadLetterRate=0.2");

    assertThat(launched.exitCode()).isEqualTo(Launcher.STOPPED_BY_POLICY);
    assertThat(launched.err()).contains("--maxDeadLetterRate=0.2 allows 20.0 %");
    assertThat(WRITTEN).isNotEmpty();
  }

  @Test
  void aJobThatEndsByItselfIsJudgedByItsFinalCounters() {
    Launched launched = launch(bounded(500, 3), "--maxDeadLetterRate=0.2");

    assertThat(launched.exitCode()).isEqualTo(Launcher.STOPPED_BY_POLICY);
    assertThat(WRITTEN).hasSize(167);
  }

  @Test
  void aShareThatIsAllowedIsNoMatter() {
    Launched launched = launch(bounded(500, 10), "--maxDeadLetterRate=0.2");

    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.err()).doesNotContain("STOPPED");
  }

  @Test
  void aRateThatIsNoneIsRefused() {
    Launched launched =
        launch(bounded(1, 1), "--maxDeadLetterRate=5", "--deadLetterRateWindow=10ms");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .anyMatch(line -> line.matches(" +--maxDeadLetterRate +\"5.0\" is not allowed; .*"))
        .anyMatch(line -> line.matches(" +--deadLetterRateWindow +\"10ms\" is too short; .*"));
  }

  private Launched launch(FakeTemplate<DeadLetterPolicyOptions> template, String... options) {
    List<String> all = new ArrayList<>();
    all.add("@" + config + ".options");
    Collections.addAll(all, options);
    return Launched.of(template, all.toArray(String[]::new));
  }

  private static FakeTemplate<DeadLetterPolicyOptions> stream(int brokenEvery) {
    return numbers(GenerateSequence.from(0).withRate(5, Duration.millis(10)), brokenEvery);
  }

  private static FakeTemplate<DeadLetterPolicyOptions> bounded(int count, int brokenEvery) {
    return numbers(GenerateSequence.from(0).to(count), brokenEvery);
  }

  private static FakeTemplate<DeadLetterPolicyOptions> numbers(
      GenerateSequence source, int brokenEvery) {
    return FakeTemplate.of("numbers", DeadLetterPolicyOptions.class)
        .building((pipeline, options) -> build(pipeline, source, brokenEvery));
  }

  private static void build(Pipeline pipeline, GenerateSequence source, int brokenEvery) {
    try (DeadLetters deadLetters = DeadLetters.of("numbers", "1", sink())) {
      pipeline
          .apply("Numbers", source)
          .apply(
              "Coordinates",
              MapElements.into(new TypeDescriptor<Ingested<Long>>() {})
                  .via(number -> Ingested.of(number, Origin.file("numbers", number))))
          .setCoder(Ingested.coder(VarLongCoder.of()))
          .apply(
              "Halve",
              Guarded.map((Long number) -> halve(number, brokenEvery), VarLongCoder.of())
                  .named("halve")
                  .withDeadLetters(deadLetters, new Decimal()));
    }
  }

  private static long halve(long number, int brokenEvery) {
    if (number % brokenEvery == 0) {
      throw new IllegalArgumentException("not this one: " + number);
    }
    return number / 2;
  }

  private static DeadLetterSink sink() {
    return letters -> {
      letters.apply("Write", ParDo.of(new WriteFn()));
      return PDone.in(letters.getPipeline());
    };
  }

  private static final class WriteFn extends DoFn<DeadLetter, Void> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element DeadLetter letter) {
      WRITTEN.add(letter.getId());
    }
  }

  private static final class Decimal implements Encoder<Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(Long value) {
      return value.toString().getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
