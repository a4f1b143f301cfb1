package org.beamtemplates.transforms.launch;

import java.io.PrintStream;
import org.apache.beam.sdk.PipelineResult;

/** Prints the state, to show that reports are found and asked. */
public final class StateReport implements RunReport {

  @Override
  public void print(PipelineResult result, PrintStream out) {
    out.println("report of " + result.getState());
  }
}
