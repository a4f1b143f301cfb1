package org.beamtemplates.transforms.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

class LauncherTest {

  private static final String[] GOOD = {"--inputTopic=in", "--firstSource=here"};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aJobThatIsDoneExitsWith0() {
    Sample sample = new Sample();

    assertThat(launch(sample, GOOD)).isEqualTo(Launcher.DONE);
    assertThat(out.toString(UTF_8))
        .startsWith("sample on DirectRunner")
        .contains("sample DONE after");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void reportsRunAtTheEnd() {
    launch(new Sample(), GOOD);

    assertThat(out.toString(UTF_8)).endsWith("report of DONE\n");
  }

  @Test
  void aJobThatFailsExitsWith1AndTellsTheRootCauseInOneLine() {
    Sample sample = new Sample();
    sample.step =
        number -> {
          throw new IllegalStateException("outer", new ArithmeticException("inner\nsecond line"));
        };

    assertThat(launch(sample, GOOD)).isEqualTo(Launcher.FAILED);
    assertThat(err.toString(UTF_8))
        .matches("sample FAILED after \\S+: ArithmeticException: inner\n");
  }

  @Test
  void badOptionsExitWith2AndOneMessage() {
    Sample sample = new Sample();
    sample.validation = (options, problems) -> problems.add("countries", "are too many");

    assertThat(launch(sample, "--firstSource=here", "--buckets=0")).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            """
            sample cannot start: 3 problems
              --buckets     "0" is not allowed; allowed: 1 to 1000
              --inputTopic  is required: Topic that is read.
              --countries   are too many
            All options: ./templates describe sample
            """);
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void theTemplateSaysNothingMoreAboutAnOptionThatHasAProblem() {
    Sample sample = new Sample();
    sample.validation = (options, problems) -> problems.add("buckets", "must be even");

    launch(sample, "--inputTopic=in", "--firstSource=here", "--buckets=many");

    assertThat(err.toString(UTF_8)).contains("1 problem\n").doesNotContain("even");
  }

  @Test
  void preflightTellsItsProblemsTogetherWithThoseOfTheOptions() {
    Sample sample = new Sample();
    sample.preflight = (options, problems) -> problems.add("inputTopic", "no such topic");

    assertThat(launch(sample, "--inputTopic=in", "--firstSource=here", "--buckets=many"))
        .isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(err.toString(UTF_8)).contains("2 problems", "no such topic", "--buckets");
  }

  @Test
  void aCheckThatThrowsIsOurFault() {
    Sample sample = new Sample();
    sample.validation =
        (options, problems) -> {
          throw new IllegalStateException("oops");
        };

    assertThat(launch(sample, GOOD)).isEqualTo(Launcher.FAILED);
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "sample failed to launch, which is a fault of ours: IllegalStateException: oops\n");
  }

  @Test
  void helpDescribesTheOptions() {
    assertThat(launch(new Sample(), "--help")).isEqualTo(Launcher.DONE);

    assertThat(out.toString(UTF_8))
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
  void stopBeforeTheJobStartsLetsItNeverStart() throws Exception {
    Sample sample = new Sample();
    CountDownLatch inPreflight = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    sample.preflight =
        (options, problems) -> {
          inPreflight.countDown();
          await(goOn);
        };
    Launch<SampleOptions> launch =
        new Launch<>(sample, GOOD, Path.of(""), stream(out), stream(err));
    CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(launch::run);
    await(inPreflight);

    assertThat(launch.stop()).isEqualTo(Launcher.DONE);
    goOn.countDown();

    assertThat(exitCode.get(1, TimeUnit.MINUTES)).isEqualTo(Launcher.DONE);
    assertThat(out.toString(UTF_8)).doesNotContain("sample DONE");
  }

  private int launch(Template<?> template, String... args) {
    return Launcher.run(template, args, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Maps three numbers. */
  private static final class Sample implements Template<SampleOptions> {

    private SerializableFunction<Long, Long> step = number -> number;
    private BiConsumer<SampleOptions, Problems> validation = (options, problems) -> {};
    private BiConsumer<SampleOptions, Problems> preflight = (options, problems) -> {};

    @Override
    public String name() {
      return "sample";
    }

    @Override
    public String summary() {
      return "For tests.";
    }

    @Override
    public Class<SampleOptions> optionsClass() {
      return SampleOptions.class;
    }

    @Override
    public List<String> resultKey() {
      return List.of("id");
    }

    @Override
    public void validate(SampleOptions options, Problems problems) {
      validation.accept(options, problems);
    }

    @Override
    public void preflight(SampleOptions options, Problems problems) {
      preflight.accept(options, problems);
    }

    @Override
    public void build(Pipeline pipeline, SampleOptions options) {
      pipeline
          .apply(Create.of(1L, 2L, 3L))
          .apply("Step", MapElements.into(TypeDescriptors.longs()).via(step));
    }
  }
}
