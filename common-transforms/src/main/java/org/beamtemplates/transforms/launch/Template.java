package org.beamtemplates.transforms.launch;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A complete pipeline that can be listed, described and launched. Templates are found by {@link
 * java.util.ServiceLoader}; an implementation has a public constructor without arguments and no
 * state.
 *
 * @param <OptionsT> the options of the template
 */
public interface Template<OptionsT extends PipelineOptions> {

  /** Returns the name by which the template is launched, such as {@code realtime-analytics}. */
  String name();

  /** Returns what the template does, in one line. */
  String summary();

  /** Returns the interface of the options; each is described and has a default or is checked. */
  Class<OptionsT> optionsClass();

  /**
   * Returns the fields of a result that identify it: of all results with equal values in these
   * fields, the one with the highest {@code revision} counts.
   */
  List<String> resultKey();

  /**
   * Reports what is wrong with the options, as far as they alone tell: values out of range, options
   * that exclude or need each other. Touches neither network nor files.
   */
  void validate(OptionsT options, Problems problems);

  /**
   * Reports what is wrong with the world that the options name: a topic that does not exist, a
   * broker that does not answer, an output that cannot be written. Called even if there are
   * problems already, so that all are told at once: it looks only at what no problem concerns
   * ({@link Problems#concern}), and takes missing options in its stride.
   */
  void preflight(OptionsT options, Problems problems);

  /**
   * Builds the graph. Constructs only: no call to the network, no file is touched.
   *
   * @throws RefusedException if an option of the job does not fit a step
   */
  void build(Pipeline pipeline, OptionsT options);
}
