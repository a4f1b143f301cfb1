package org.beamtemplates.cli.demo;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.PortTakenException;

/** Real services for as long as this JVM lives. A signal ends them, and their data is deleted. */
public final class ServicesRun {

  private ServicesRun() {}

  /**
   * Starts the services, prints how to reach them, a line each as {@code name=value}, then {@code
   * ready}, and returns only if the thread is interrupted.
   *
   * @throws Refusal if a port is taken
   */
  public static void run(ServicesRequest request, PrintWriter out) {
    try (Belongings belongings = new Belongings()) {
      Thread hook = new Thread(belongings::close, "stop-services");
      Runtime.getRuntime().addShutdownHook(hook);
      start(request, belongings, out);
      out.println("ready");
      out.flush();
      new CountDownLatch(1).await();
    } catch (PortTakenException e) {
      throw new Refusal(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CancellationException e) {
      // A signal came while they were starting: all is being ended.
    }
  }

  private static void start(ServicesRequest request, Belongings belongings, PrintWriter out) {
    belongings.add(Scratch.create());
    LocalKafka kafka =
        belongings.add(Services.on(request.ports().kafka(), LocalKafka::start, LocalKafka::start));
    request.topics().forEach(kafka::createTopic);
    out.println("bootstrapServers=" + kafka.bootstrapServers());
    if (request.registry()) {
      LocalSchemaRegistry registry =
          belongings.add(
              Services.on(
                  request.ports().registry(),
                  LocalSchemaRegistry::start,
                  LocalSchemaRegistry::start));
      out.println("registryUrl=" + registry.url());
    }
    if (request.postgres()) {
      LocalPostgres postgres =
          belongings.add(
              Services.on(request.ports().postgres(), LocalPostgres::start, LocalPostgres::start));
      out.println("jdbcUrl=" + postgres.jdbcUrl());
      out.println("jdbcUser=" + postgres.user());
    }
  }
}
