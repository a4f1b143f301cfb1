package org.beamtemplates.runners.spark;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;

/** A stream that needs no broker. */
record EndlessTemplate() implements Template<PipelineOptions> {

  @Override
  public String name() {
    return "endless";
  }

  @Override
  public String summary() {
    return "Counts for ever.";
  }

  @Override
  public Class<PipelineOptions> optionsClass() {
    return PipelineOptions.class;
  }

  @Override
  public List<String> resultKey() {
    return List.of("number");
  }

  @Override
  public void validate(PipelineOptions options, Problems problems) {}

  @Override
  public void preflight(PipelineOptions options, Problems problems) {}

  @Override
  public void build(Pipeline pipeline, PipelineOptions options) {
    pipeline.apply(GenerateSequence.from(0));
  }
}
