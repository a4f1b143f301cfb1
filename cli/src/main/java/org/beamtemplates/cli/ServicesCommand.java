package org.beamtemplates.cli;

import java.util.List;
import org.beamtemplates.cli.demo.DemoRequest;
import org.beamtemplates.cli.demo.Refusal;
import org.beamtemplates.cli.demo.ServicesRequest;
import org.beamtemplates.cli.demo.ServicesRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code services}: a Kafka to try things on. */
@Command(
    name = "services",
    description = {
      "Runs a real Kafka on this machine until Ctrl-C, and a schema registry and PostgreSQL if asked: "
          + "to try things on without installing anything.",
      "",
      "Prints how to reach them, a line each (bootstrapServers=…, registryUrl=…, jdbcUrl=…, "
          + "jdbcUser=…), then \"ready\". All listen on 127.0.0.1 only; what they hold is gone with "
          + "them."
    })
final class ServicesCommand implements Runnable {

  private static final int LAST_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--topics",
      split = ",",
      paramLabel = "<topic>[:<partitions>]",
      description = "Topics to create, such as events:4 (default: one partition).")
  private List<String> topics = List.of();

  @Option(names = "--registry", description = "Run a schema registry, too.")
  private boolean registry;

  @Option(names = "--postgres", description = "Run PostgreSQL, too.")
  private boolean postgres;

  @Option(
      names = "--kafka-port",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Port of Kafka (default: any free one).")
  private int kafkaPort;

  @Override
  public void run() {
    if (kafkaPort < 0 || kafkaPort > LAST_PORT) {
      throw new UserError(
          "--kafka-port was %d; allowed are 1 to %d; leave it out for any free one"
              .formatted(kafkaPort, LAST_PORT));
    }
    try {
      ServicesRun.run(
          new ServicesRequest(
              ServicesRequest.topics(topics),
              registry,
              postgres,
              new DemoRequest.Ports(kafkaPort, DemoRequest.ANY_PORT, DemoRequest.ANY_PORT)),
          spec.commandLine().getOut());
    } catch (Refusal e) {
      throw new UserError(e.getMessage());
    }
  }
}
