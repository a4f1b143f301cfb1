package org.beamtemplates.transforms.launch;

import java.io.PrintStream;
import org.apache.beam.sdk.PipelineResult;

/**
 * Something to say about a run that has ended, such as the table of what went in and what came out.
 * Reports are found by {@link java.util.ServiceLoader}; one that throws is logged and skipped.
 */
public interface RunReport {

  /** Prints the report; {@code result} is that of a run that ended, well or not. */
  void print(PipelineResult result, PrintStream out);
}
