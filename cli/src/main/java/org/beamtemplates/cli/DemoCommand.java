package org.beamtemplates.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.beamtemplates.cli.demo.DemoRequest;
import org.beamtemplates.cli.demo.DemoRun;
import org.beamtemplates.cli.demo.Refusal;
import org.beamtemplates.transforms.demo.Demo;
import org.beamtemplates.transforms.launch.JobStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code demo}: a template at work on real services. */
@Command(
    name = "demo",
    description = {
      "Shows a template at work: starts a real Kafka, schema registry and PostgreSQL, sends traffic "
          + "with broken, late and duplicate records, runs the template, and proves in the end that "
          + "every record is accounted for.",
      "",
      "Needs nothing installed and leaves nothing behind. Exit code 0 if everything adds up, 1 if "
          + "not, 2 if it could not be given as asked. Ctrl-C ends it at any moment."
    })
final class DemoCommand implements Callable<Integer> {

  private static final int LAST_PORT = 65_535;

  private final Catalog catalog;
  private final Repository repository;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<template>",
      description = "Name of the template; the first that can be shown if absent.")
  private String template;

  @Option(
      names = "--on",
      paramLabel = "<config>",
      description = {
        "Name of the config (default: flink, or direct where there is no flink). Embedded Flink takes checkpoints, restarts "
            + "and works in parallel as in production, needs no installation, and has the "
            + "throughput that the Direct runner does not have."
      })
  private String config;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      defaultValue = "60",
      description =
          "How long traffic is sent, "
              + DemoRequest.SHORTEST_SECONDS
              + " to "
              + DemoRequest.LONGEST_SECONDS
              + " (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      defaultValue = "2000",
      description =
          "Records a second, "
              + DemoRequest.LEAST_PER_SECOND
              + " to "
              + DemoRequest.MOST_PER_SECOND
              + " (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--keep",
      paramLabel = "<folder>",
      description =
          "Leave events, results, dead letters, the accounting and the log in this folder, which "
              + "must be empty or new.")
  private Path keep;

  @Option(
      names = "--kafka-port",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Port of Kafka (default: any free one).")
  private int kafkaPort;

  @Option(
      names = "--registry-port",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Port of the schema registry (default: any free one).")
  private int registryPort;

  @Option(
      names = "--postgres-port",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Port of PostgreSQL (default: any free one).")
  private int postgresPort;

  DemoCommand(Catalog catalog, Repository repository) {
    this.catalog = catalog;
    this.repository = repository;
  }

  @Override
  public Integer call() {
    Demo demo = demo();
    Config chosen = repository.config(config == null ? defaultConfig() : config);
    inRange("--seconds", seconds, DemoRequest.SHORTEST_SECONDS, DemoRequest.LONGEST_SECONDS, "");
    inRange(
        "--rate",
        rate,
        DemoRequest.LEAST_PER_SECOND,
        DemoRequest.MOST_PER_SECOND,
        "; with fewer, partitions would be empty for so long that they count as idle");
    checkPorts();
    DemoRequest request =
        new DemoRequest(
            demo,
            chosen.name(),
            Duration.ofSeconds(seconds),
            rate,
            Optional.ofNullable(keep),
            new DemoRequest.Ports(kafkaPort, registryPort, postgresPort),
            job(demo, chosen));
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      return DemoRun.run(request, Clock.systemUTC(), out, System.err, System.getenv());
    } catch (Refusal e) {
      throw new UserError(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to the standard output", e);
    }
  }

  private Demo demo() {
    List<Demo> demos =
        ServiceLoader.load(Demo.class).stream().map(ServiceLoader.Provider::get).toList();
    if (template != null) {
      catalog.named(template);
    }
    return demos.stream()
        .filter(demo -> template == null || demo.template().equals(template))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    (template == null ? "There is nothing to show. " : template + " has no demo. ")
                        + Choices.of(
                            "Templates with a demo",
                            "",
                            demos.stream().map(Demo::template).toList())));
  }

  /** The same command line as that of {@code run}. */
  private DemoRequest.Job job(Demo demo, Config chosen) {
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
    JobCommand plain = JobCommand.of(catalog.named(demo.template()), chosen, List.of(), now);
    return new DemoRequest.Job() {
      @Override
      public List<String> command(List<String> options, Path scratch, Path status) {
        List<String> all =
            Stream.of(options, chosen.withStateIn(scratch)).flatMap(List::stream).toList();
        return JobCommand.of(catalog.named(demo.template()), chosen, all, now)
            .withProperty(JobStatus.PROPERTY, status.toString())
            .withProperty("java.io.tmpdir", scratch.toString())
            .words();
      }

      @Override
      public Path log() {
        return plain.log();
      }
    };
  }

  private void checkPorts() {
    String any = "; leave it out for any free one";
    if (kafkaPort != 0) {
      inRange("--kafka-port", kafkaPort, 1, LAST_PORT, any);
    }
    if (registryPort != 0) {
      inRange("--registry-port", registryPort, 1, LAST_PORT, any);
    }
    if (postgresPort != 0) {
      inRange("--postgres-port", postgresPort, 1, LAST_PORT, any);
    }
    List<Integer> given =
        Stream.of(kafkaPort, registryPort, postgresPort).filter(port -> port != 0).toList();
    if (given.stream().distinct().count() < given.size()) {
      throw new UserError(
          "--kafka-port, --registry-port and --postgres-port must be different ports");
    }
  }

  private static void inRange(String option, int given, int least, int most, String why) {
    if (given < least || given > most) {
      throw new UserError(
          "%s was %d; allowed are %d to %d%s".formatted(option, given, least, most, why));
    }
  }

  /** As the script has it, which builds the runner's module. */
  private String defaultConfig() {
    boolean hasFlink = repository.configs().stream().anyMatch(c -> c.name().equals("flink"));
    return hasFlink ? "flink" : "direct";
  }
}
