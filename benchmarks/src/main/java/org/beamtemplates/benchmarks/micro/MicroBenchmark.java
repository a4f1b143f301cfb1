package org.beamtemplates.benchmarks.micro;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the benchmarks of this package with JMH. */
@Command(
    name = "jmh",
    description = {
      "What single steps cost, each beside a peer in the same run.",
      "A ratio above 1 says that the library's step is cheaper than the peer's."
    },
    mixinStandardHelpOptions = true)
public final class MicroBenchmark implements Callable<Integer> {

  private static final String LIBRARY = "library";
  private static final String PEER = "peer";

  @Spec private CommandSpec spec;

  @Option(names = "--list", description = "Prints the names of all benchmarks, and runs none.")
  private boolean list;

  @Option(names = "--forks", description = "JVMs for each (default: ${DEFAULT-VALUE}).")
  private int forks = 2;

  @Option(
      names = "--seconds",
      description =
          "Each JVM warms up for so long, and measures for so long (default: ${DEFAULT-VALUE}).")
  private int seconds = 5;

  @Parameters(
      arity = "0..1",
      paramLabel = "<pattern>",
      description = "Only those whose name contains this regular expression.",
      defaultValue = "")
  private String pattern;

  @Override
  public Integer call() throws RunnerException {
    Map<String, BenchmarkListEntry> chosen = chosen();
    if (list) {
      chosen.keySet().forEach(this::say);
      return 0;
    }
    if (forks < 1 || seconds < 1) {
      throw problem("--forks and --seconds must be 1 or more.");
    }
    Options options =
        new OptionsBuilder()
            .include(pattern)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(forks)
            .warmupIterations(seconds)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(seconds)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .build();
    print(new Runner(options).run());
    return 0;
  }

  private Map<String, BenchmarkListEntry> chosen() {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw problem("<pattern> is no regular expression: " + e.getMessage());
    }
    Map<String, BenchmarkListEntry> chosen = new TreeMap<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList()
            .getAll(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                List.of())) {
      String name = shortName(entry.getUsername());
      if (compiled.matcher(name).find()) {
        chosen.put(name, entry);
      }
    }
    if (chosen.isEmpty()) {
      throw problem("No benchmark's name contains " + pattern + ". See --list for all names.");
    }
    return chosen;
  }

  private ParameterException problem(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String shortName(String username) {
    return username.substring(MicroBenchmark.class.getPackageName().length() + 1);
  }

  private void print(Collection<RunResult> results) {
    Map<String, Result<?>> scores = new TreeMap<>();
    for (RunResult result : results) {
      scores.put(shortName(result.getParams().getBenchmark()), result.getPrimaryResult());
    }
    say("| step | library, ns | peer, ns | peer ÷ library |");
    say("|---|---:|---:|---:|");
    scores.forEach(
        (name, ours) -> {
          int dot = name.indexOf('.') + 1;
          Result<?> peer =
              scores.get(name.substring(0, dot) + name.substring(dot).replace(LIBRARY, PEER));
          if (name.startsWith(LIBRARY, dot) && peer != null) {
            say(
                String.format(
                    Locale.ROOT,
                    "| %s%s | %,.0f ± %,.0f | %,.0f ± %,.0f | %.2f |",
                    name.substring(0, dot),
                    name.substring(dot + LIBRARY.length()),
                    ours.getScore(),
                    ours.getScoreError(),
                    peer.getScore(),
                    peer.getScoreError(),
                    peer.getScore() / ours.getScore()));
          }
        });
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
