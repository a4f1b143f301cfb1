package org.beamtemplates.benchmarks;

import org.beamtemplates.benchmarks.micro.MicroBenchmark;
import org.beamtemplates.benchmarks.scaling.ScalingBenchmark;
import org.beamtemplates.benchmarks.speed.SpeedBenchmark;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command of all benchmarks. */
@Command(
    name = "benchmarks/run",
    description = "Measures on this machine, and prints ratios.",
    synopsisSubcommandLabel = "<benchmark>",
    subcommands = {
      AnalyticsBenchmark.class,
      DeadLetterBenchmark.class,
      MicroBenchmark.class,
      ScalingBenchmark.class,
      SpeedBenchmark.class
    },
    mixinStandardHelpOptions = true)
public final class Benchmarks implements Runnable {

  @Spec private CommandSpec spec;

  private Benchmarks() {}

  /** Runs the benchmark that the first argument names, and ends the JVM. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which benchmark? See below.");
  }
}
