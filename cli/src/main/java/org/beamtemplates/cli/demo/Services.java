package org.beamtemplates.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.PortTakenException;
import org.beamtemplates.transforms.demo.DemoServices;

/**
 * The real services of a demo.
 *
 * @param kafka the broker
 * @param registry the schema registry
 * @param postgres the store
 */
record Services(LocalKafka kafka, LocalSchemaRegistry registry, LocalPostgres postgres) {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * Starts all at once and returns when all are up.
   *
   * @throws Refusal if a port is taken
   * @throws CancellationException if everything is to end meanwhile
   */
  static Services start(DemoRequest.Ports ports, Belongings belongings) {
    requireFree(ports);
    ExecutorService starters = Executors.newFixedThreadPool(3, Services::daemon);
    belongings.add(() -> awaitEnd(starters));
    Future<LocalKafka> kafka =
        starters.submit(
            () -> belongings.add(on(ports.kafka(), LocalKafka::start, LocalKafka::start)));
    Future<LocalSchemaRegistry> registry =
        starters.submit(
            () ->
                belongings.add(
                    on(ports.registry(), LocalSchemaRegistry::start, LocalSchemaRegistry::start)));
    Future<LocalPostgres> postgres =
        starters.submit(
            () -> belongings.add(on(ports.postgres(), LocalPostgres::start, LocalPostgres::start)));
    starters.shutdown();
    return new Services(get(kafka), get(registry), get(postgres));
  }

  DemoServices addresses() {
    return new DemoServices(
        kafka.bootstrapServers(), registry.url(), postgres.jdbcUrl(), postgres.user());
  }

  /** All ports that are taken, before anything is started. */
  private static void requireFree(DemoRequest.Ports ports) {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    wanted.put("--kafka-port", ports.kafka());
    wanted.put("--registry-port", ports.registry());
    wanted.put("--postgres-port", ports.postgres());
    List<String> taken = new ArrayList<>();
    wanted.forEach(
        (option, port) -> {
          if (port != DemoRequest.ANY_PORT && !isFree(port)) {
            taken.add(option + "=" + port);
          }
        });
    if (!taken.isEmpty()) {
      throw new Refusal(
          "Something listens on 127.0.0.1 already, or may not be listened on: "
              + String.join(", ", taken)
              + ". End it, choose another port, or leave the option out: then any free port is"
              + " taken.");
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(LOOPBACK))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  static <T> T on(int port, Supplier<T> anywhere, IntFunction<T> there) {
    return port == DemoRequest.ANY_PORT ? anywhere.get() : there.apply(port);
  }

  private static <T> T get(Future<T> service) {
    try {
      return service.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PortTakenException taken) {
        throw new Refusal(taken.getMessage());
      }
      if (e.getCause() instanceof CancellationException cancelled) {
        throw cancelled;
      }
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted");
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "start-service");
    thread.setDaemon(true);
    return thread;
  }

  /** What is being started is ended as soon as it is up; until then it would leave files behind. */
  private static void awaitEnd(ExecutorService starters) throws InterruptedException {
    starters.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
