package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.Template;

/**
 * Runs a whole template from a golden input to its results and holds them against a golden file, on
 * the runner of the module whose tests run.
 *
 * <pre>{@code
 * PipelineResult result =
 *     GoldenRun.of(new RealtimeAnalytics(), getClass())
 *         .configured(
 *             (options, input, output) -> {
 *               options.setInput(input.toString());
 *               options.setOutput(output.toString());
 *             })
 *         .runIn(folder);
 * assertAccounting(result).balances().dropsNothing();
 * }</pre>
 *
 * @param <OptionsT> the options of the template
 */
public final class GoldenRun<OptionsT extends PipelineOptions> {

  /** Tells a template what to read and where to write. */
  @FunctionalInterface
  public interface Configuration<OptionsT> {

    /**
     * Sets options.
     *
     * @param input the file with the input
     * @param output a folder that does not exist yet, for JSON lines
     */
    void set(OptionsT options, Path input, Path output);
  }

  private final Template<OptionsT> template;
  private final Class<?> test;
  private final Configuration<OptionsT> configuration;

  private GoldenRun(
      Template<OptionsT> template, Class<?> test, Configuration<OptionsT> configuration) {
    this.template = requireNonNull(template, "template");
    this.test = requireNonNull(test, "test");
    this.configuration = requireNonNull(configuration, "configuration");
  }

  /**
   * Runs a template on {@code golden/input.jsonl}, for the results in {@code
   * golden/expected.jsonl}.
   *
   * @param test a class of the module that the files belong to
   */
  public static <OptionsT extends PipelineOptions> GoldenRun<OptionsT> of(
      Template<OptionsT> template, Class<?> test) {
    return new GoldenRun<>(template, test, (options, input, output) -> {});
  }

  /** Sets the options of the template. */
  public GoldenRun<OptionsT> configured(Configuration<OptionsT> other) {
    return new GoldenRun<>(template, test, other);
  }

  /**
   * Runs the template to its end and returns the job; fails with the differences if there are any.
   *
   * @param folder an empty one, for the input and the results
   */
  public PipelineResult runIn(Path folder) {
    OptionsT options = options(template);
    Path output = folder.resolve("golden-output");
    configuration.set(options, GoldenResults.copyOf(test, "input.jsonl", folder), output);
    PipelineResult result = runToTheEnd(template, options);
    GoldenResults.of(test, "expected.jsonl", template.resultKey()).hold(output);
    return result;
  }

  /** Returns options of a template, with the runner of the module whose tests run. */
  public static <OptionsT extends PipelineOptions> OptionsT options(Template<OptionsT> template) {
    return TestPipeline.testingPipelineOptions().as(template.optionsClass());
  }

  /** Runs a template on bounded input; fails if the job does. */
  public static <OptionsT extends PipelineOptions> PipelineResult runToTheEnd(
      Template<OptionsT> template, OptionsT options) {
    Pipeline pipeline = Pipeline.create(options);
    template.build(pipeline, options);
    PipelineResult result = RunnerCapabilities.of(options).start(pipeline);
    PipelineResult.State end = result.waitUntilFinish();
    if (end != PipelineResult.State.DONE) {
      throw new AssertionError(template.name() + " has ended as " + end);
    }
    return result;
  }
}
