package org.beamtemplates.transforms.observe;

import java.io.PrintStream;
import org.apache.beam.sdk.PipelineResult;
import org.beamtemplates.transforms.launch.RunReport;

/** Prints the accounting of a job at its end. Found by the launcher as a service. */
public final class AccountingReport implements RunReport {

  @Override
  public void print(PipelineResult result, PrintStream out) {
    Accounting accounting = Accounting.of(result.metrics());
    if (!accounting.stages().isEmpty()) {
      out.println();
      out.print(accounting);
    }
  }
}
