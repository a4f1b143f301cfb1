package org.beamtemplates.transforms.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.testing.FakeTemplate;
import org.beamtemplates.testing.Launched;
import org.junit.jupiter.api.Test;

class LauncherTest {

  private static final String[] GOOD = {"--inputTopic=in", "--firstSource=here"};

  @Test
  void aJobThatIsDoneExitsWith0() {
    Launched launched = Launched.of(sample(), GOOD);

    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out()).startsWith("sample on DirectRunner").contains("sample DONE after");
    assertThat(launched.err()).isEmpty();
  }

  @Test
  void reportsRunAtTheEnd() {
    assertThat(Launched.of(sample(), GOOD).out()).endsWith("report of DONE\n");
  }

  @Test
  void aJobThatFailsExitsWith1AndTellsTheRootCauseInOneLine() {
    Launched launched =
        Launched.of(
            mapping(
                number -> {
                  throw new IllegalStateException(
                      "outer", new ArithmeticException("inner\nsecond line"));
                }),
            GOOD);

    assertThat(launched.exitCode()).isEqualTo(Launcher.FAILED);
    assertThat(launched.err()).matches("sample FAILED after \\S+: ArithmeticException: inner\n");
  }

  @Test
  void badOptionsExitWith2AndOneMessage() {
    Launched launched =
        Launched.of(
            sample().checking((options, problems) -> problems.add("countries", "are too many")),
            "--firstSource=here",
            "--buckets=0");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.err())
        .isEqualTo(
            """
            sample cannot start: 3 problems
              --buckets     "0" is not allowed; allowed: 1 to 1000
              --inputTopic  is required: Topic that is read.
              --countries   are too many
            All options: ./templates describe sample
            """);
    assertThat(launched.out()).isEmpty();
  }

  @Test
  void theTemplateSaysNothingMoreAboutAnOptionThatHasAProblem() {
    Launched launched =
        Launched.of(
            sample().checking((options, problems) -> problems.add("buckets", "must be even")),
            "--inputTopic=in",
            "--firstSource=here",
            "--buckets=many");

    assertThat(launched.err()).contains("1 problem\n").doesNotContain("even");
  }

  @Test
  void preflightTellsItsProblemsTogetherWithThoseOfTheOptions() {
    Launched launched =
        Launched.of(
            sample()
                .checkingTheWorld(
                    (options, problems) -> problems.add("inputTopic", "no such topic")),
            "--inputTopic=in",
            "--firstSource=here",
            "--buckets=many");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.err()).contains("2 problems", "no such topic", "--buckets");
  }

  @Test
  void aCheckThatThrowsIsOurFault() {
    Launched launched =
        Launched.of(
            sample()
                .checking(
                    (options, problems) -> {
                      throw new IllegalStateException("oops");
                    }),
            GOOD);

    assertThat(launched.exitCode()).isEqualTo(Launcher.FAILED);
    assertThat(launched.err())
        .isEqualTo(
            "sample failed to launch, which is a fault of ours: IllegalStateException: oops\n");
  }

  @Test
  void anOptionThatAStepRefusesIsTheUsersFault() {
    Template<SampleOptions> refusing =
        sample()
            .building(
                (pipeline, options) -> {
                  throw new RefusedException("parallelism", "is 99; allowed: 32 at most");
                });

    Launched launched = Launched.of(refusing, GOOD);
    Launched described = Launched.of(refusing, withHelp(GOOD));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.err())
        .startsWith(
            """
            sample cannot start: 1 problem
              --parallelism  is 99; allowed: 32 at most
            """);
    assertThat(described.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(described.out())
        .endsWith("These options cannot be run: --parallelism is 99; allowed: 32 at most.\n");
  }

  private static String[] withHelp(String... args) {
    return Stream.concat(Stream.of(args), Stream.of("--help")).toArray(String[]::new);
  }

  @Test
  void helpDescribesTheOptions() {
    Launched launched = Launched.of(sample(), "--help");

    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out())
        .startsWith("sample: For tests.\n")
        .containsSubsequence(
            "Input\n",
            "  --inputTopic=<text>   (required)\n      Topic that is read.\n",
            "  --format=<text>\n",
            "Allowed: json, avro\n",
            "Default: json\n",
            "Windows\n",
            "  --windowSize=<duration>\n",
            "Allowed: 1s to 1d\n",
            "Options\n",
            "--countries=<list of text>",
            "Allowed: two capital letters",
            "Allowed: STRICT, LENIENT",
            "Example\n  ./templates run sample --on direct \\\n      --inputTopic=pageviews\n")
        .doesNotContain("tempLocation");
  }

  @Test
  void helpWithTheOptionsOfAJobTellsHowItIsComputed() {
    FakeTemplate<SampleOptions> template =
        sample().building((pipeline, options) -> pipeline.apply("Emit", new Choosing()));

    assertThat(Launched.of(template, "--help", "--inputTopic=in", "--firstSource=here").out())
        .endsWith("\nHow it is computed on DirectRunner\n  Emit: carefully on DirectRunner\n");
    assertThat(Launched.of(template, "--help").out())
        .endsWith("With the options of a job, it is also told how its steps are computed.\n");
  }

  private static final class Choosing extends PTransform<PBegin, PDone> implements RunnerDependent {

    private static final long serialVersionUID = 1L;

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return "carefully on " + runner.name();
    }

    @Override
    public PDone expand(PBegin begin) {
      begin.apply(Create.of(1));
      return PDone.in(begin.getPipeline());
    }
  }

  @Test
  void stopBeforeTheJobStartsLetsItNeverStart() throws Exception {
    CountDownLatch inPreflight = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FakeTemplate<SampleOptions> sample =
        sample()
            .checkingTheWorld(
                (options, problems) -> {
                  inPreflight.countDown();
                  await(goOn);
                });
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream told = new PrintStream(out, true, UTF_8);
    Launch<SampleOptions> launch = new Launch<>(sample, GOOD, Path.of(""), told, sink());
    CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(launch::run);
    await(inPreflight);

    assertThat(launch.stop()).isEqualTo(Launcher.DONE);
    assertThat(CountingEnd.endsOf(told)).as("the JVM is halted now").isOne();
    goOn.countDown();

    assertThat(exitCode.get(1, TimeUnit.MINUTES)).isEqualTo(Launcher.DONE);
    assertThat(out.toString(UTF_8)).doesNotContain("sample DONE");
  }

  @Test
  void theEndIsToldOnceHoweverOftenALaunchIsStopped() {
    PrintStream out = sink();
    Launch<SampleOptions> launch = new Launch<>(sample(), GOOD, Path.of(""), out, sink());
    assertThat(CountingEnd.endsOf(out)).isZero();

    launch.run();
    assertThat(CountingEnd.endsOf(out)).isOne();

    launch.stop();
    assertThat(CountingEnd.endsOf(out)).isOne();
  }

  @Test
  void theEndIsToldAlsoIfTheOptionsAreRefused() {
    PrintStream out = sink();

    new Launch<>(sample(), new String[] {"--buckets=x"}, Path.of(""), out, sink()).run();

    assertThat(CountingEnd.endsOf(out)).isOne();
  }

  private static PrintStream sink() {
    return new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Maps three numbers. */
  private static FakeTemplate<SampleOptions> mapping(SerializableFunction<Long, Long> step) {
    return FakeTemplate.of("sample", SampleOptions.class)
        .building(
            (pipeline, options) ->
                pipeline
                    .apply(Create.of(1L, 2L, 3L))
                    .apply("Step", MapElements.into(TypeDescriptors.longs()).via(step)));
  }

  private static FakeTemplate<SampleOptions> sample() {
    return mapping(number -> number);
  }
}
