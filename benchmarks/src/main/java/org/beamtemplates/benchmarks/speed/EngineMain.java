package org.beamtemplates.benchmarks.speed;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.beamtemplates.benchmarks.speed.Job.Source;
import org.beamtemplates.benchmarks.speed.Job.State;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The JVM of an engine, as {@link EngineProcess} starts it. */
@Command(name = "engine", description = "Does one job with one engine.")
public final class EngineMain implements Callable<Integer> {

  @Option(names = "--engine", required = true)
  private Engines engine;

  @Option(names = "--workload", required = true)
  private Workload workload;

  @Option(names = "--keys", required = true, converter = KeysConverter.class)
  private PaymentData.Keys keys;

  @Option(names = "--source", required = true)
  private Source source;

  @Option(names = "--state", required = true)
  private State state;

  @Option(names = "--records", required = true)
  private long records;

  @Option(names = "--parallelism", required = true)
  private int parallelism;

  @Option(names = "--bootstrapServers", defaultValue = "")
  private String bootstrapServers;

  @Option(names = "--topic", defaultValue = "")
  private String topic;

  @Option(names = "--folder", required = true)
  private Path folder;

  @Option(names = "--tally", required = true)
  private Path tally;

  private EngineMain() {}

  /** Does the job and then waits to be ended. */
  public static void main(String[] args) {
    int code = new CommandLine(new EngineMain()).execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Returns the arguments that {@link #main} understands. */
  static List<String> arguments(Engines engine, Job job, Path tally) {
    return List.of(
        "--engine=" + engine,
        "--workload=" + job.workload(),
        "--keys=" + job.keys(),
        "--source=" + job.source(),
        "--state=" + job.state(),
        "--records=" + job.records(),
        "--parallelism=" + job.parallelism(),
        "--bootstrapServers=" + job.bootstrapServers(),
        "--topic=" + job.topic(),
        "--folder=" + job.folder(),
        "--tally=" + tally);
  }

  /** Returns where the {@link ThreadTimes} are, beside the tally. */
  static Path threads(Path tally) {
    return tally.resolveSibling("threads");
  }

  @Override
  public Integer call() throws Exception {
    Job job =
        new Job(
            workload, keys, source, state, records, parallelism, bootstrapServers, topic, folder);
    Latencies.begin(job);
    Tally.tell(tally);
    ThreadTimes.tell(threads(tally));
    engine.engine().run(job);
    // The tally goes on being told until whoever started this JVM has seen enough.
    new CountDownLatch(1).await();
    return 0;
  }

  private static final class KeysConverter implements ITypeConverter<PaymentData.Keys> {

    @Override
    public PaymentData.Keys convert(String text) {
      return PaymentData.Keys.parse(text);
    }
  }
}
