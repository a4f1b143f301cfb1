package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;

/**
 * A template for tests of what launches templates. It has no problems and builds nothing, unless it
 * is told to; immutable.
 *
 * <pre>{@code
 * Template<SampleOptions> sample =
 *     FakeTemplate.of("sample", SampleOptions.class)
 *         .checking((options, problems) -> problems.add("buckets", "must be even"));
 * }</pre>
 *
 * @param <OptionsT> the options of the template
 */
public final class FakeTemplate<OptionsT extends PipelineOptions> implements Template<OptionsT> {

  private final String name;
  private final Class<OptionsT> optionsClass;
  private final BiConsumer<OptionsT, Problems> validation;
  private final BiConsumer<OptionsT, Problems> preflight;
  private final BiConsumer<Pipeline, OptionsT> graph;

  private FakeTemplate(
      String name,
      Class<OptionsT> optionsClass,
      BiConsumer<OptionsT, Problems> validation,
      BiConsumer<OptionsT, Problems> preflight,
      BiConsumer<Pipeline, OptionsT> graph) {
    this.name = requireNonNull(name, "name");
    this.optionsClass = requireNonNull(optionsClass, "optionsClass");
    this.validation = requireNonNull(validation, "validation");
    this.preflight = requireNonNull(preflight, "preflight");
    this.graph = requireNonNull(graph, "graph");
  }

  /** A template that does nothing; its results are identified by {@code id}. */
  public static <OptionsT extends PipelineOptions> FakeTemplate<OptionsT> of(
      String name, Class<OptionsT> optionsClass) {
    return new FakeTemplate<>(
        name,
        optionsClass,
        (options, problems) -> {},
        (options, problems) -> {},
        (pipeline, options) -> {});
  }

  /** Checks its options. */
  public FakeTemplate<OptionsT> checking(BiConsumer<OptionsT, Problems> other) {
    return new FakeTemplate<>(name, optionsClass, other, preflight, graph);
  }

  /** Checks the world that its options name. */
  public FakeTemplate<OptionsT> checkingTheWorld(BiConsumer<OptionsT, Problems> other) {
    return new FakeTemplate<>(name, optionsClass, validation, other, graph);
  }

  /** Builds a graph. */
  public FakeTemplate<OptionsT> building(BiConsumer<Pipeline, OptionsT> other) {
    return new FakeTemplate<>(name, optionsClass, validation, preflight, other);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return "For tests.";
  }

  @Override
  public Class<OptionsT> optionsClass() {
    return optionsClass;
  }

  @Override
  public List<String> resultKey() {
    return List.of("id");
  }

  @Override
  public void validate(OptionsT options, Problems problems) {
    validation.accept(options, problems);
  }

  @Override
  public void preflight(OptionsT options, Problems problems) {
    preflight.accept(options, problems);
  }

  @Override
  public void build(Pipeline pipeline, OptionsT options) {
    graph.accept(pipeline, options);
  }
}
