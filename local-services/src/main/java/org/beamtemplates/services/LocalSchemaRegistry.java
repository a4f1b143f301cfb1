package org.beamtemplates.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real schema registry (Apicurio) in a child JVM, on 127.0.0.1 only, with the API of Confluent's
 * registry.
 *
 * <p>Schemas are kept in memory and are gone when the registry ends. As with Confluent's registry,
 * a new version of a subject must be backward compatible unless the subject is configured
 * otherwise. The child ends with {@link #close()}, and with this JVM, even if that is killed.
 *
 * <p>Clients reach it through {@link #gate()}, so a test can take it away and give it back with its
 * schemas, on the same port.
 *
 * <p>Costs: about two seconds to start on an idle machine, and 210 MB of memory. The first start
 * for a user unpacks 150 MB into the cache: {@code beam-templates} below {@code $XDG_CACHE_HOME} or
 * {@code ~/.cache}, or the folder that the system property {@code beamtemplates.cache} or the
 * environment variable {@code BEAM_TEMPLATES_CACHE} names. Thread-safe.
 */
public final class LocalSchemaRegistry implements AutoCloseable {

  private static final String API = "/apis/ccompat/v7";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ScratchFolder scratch;
  private final ChildJvm child;
  private final int port;
  private final TcpGate gate;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExitHook exitHook;

  private LocalSchemaRegistry(ScratchFolder scratch, ChildJvm child, int port, TcpGate gate) {
    this.scratch = scratch;
    this.child = child;
    this.port = port;
    this.gate = gate;
    this.exitHook = ExitHook.onExit("local-schema-registry", this::close);
  }

  /**
   * Starts a registry on free ports and returns when it answers.
   *
   * @throws IllegalStateException if it does not come up; the message names its log
   */
  public static LocalSchemaRegistry start() {
    int port = Ports.free();
    return startBehind(TcpGate.to(port), port);
  }

  /**
   * Starts a registry on a given port and returns when it answers.
   *
   * @param port where {@link #url()} shall be, 1 to 65535
   * @throws PortTakenException if somebody listens there
   * @throws IllegalStateException if it does not come up; the message names its log
   */
  public static LocalSchemaRegistry start(int port) {
    int ownPort = Ports.free();
    return startBehind(TcpGate.to(ownPort, "the schema registry", port), ownPort);
  }

  private static LocalSchemaRegistry startBehind(TcpGate gate, int port) {
    ScratchFolder scratch = ScratchFolder.create("registry");
    ChildJvm child = startChild(gate, scratch, port);
    LocalSchemaRegistry registry = new LocalSchemaRegistry(scratch, child, port, gate);
    if (!Poll.until(START_LIMIT, () -> !child.isAlive() || registry.answers())
        || !child.isAlive()) {
      registry.stop();
      throw new IllegalStateException("The schema registry did not start, see " + child.log());
    }
    return registry;
  }

  private static ChildJvm startChild(TcpGate gate, ScratchFolder scratch, int port) {
    try {
      Path runnerJar = RegistryInstallation.locate().runnerJar();
      return ChildJvm.start(runnerJar, scratch.path(), jvmOptions(port));
    } catch (RuntimeException e) {
      gate.close();
      scratch.close();
      throw e;
    }
  }

  /** The root of the Confluent-compatible API, {@code http://127.0.0.1:port/apis/ccompat/v7}. */
  public String url() {
    return rootAt(gate.port());
  }

  /** The gate in front of {@link #url()}. */
  public TcpGate gate() {
    return gate;
  }

  /**
   * Registers an Avro schema, even while the gate is cut.
   *
   * @return the id by which the registry knows the schema
   * @throws IllegalStateException if the registry refuses; the message has its answer
   */
  public int register(String subject, String schemaJson) {
    String path = "/subjects/" + encoded(subject) + "/versions";
    try {
      String body = JSON.writeValueAsString(Map.of("schema", schemaJson));
      HttpResponse<String> response =
          exchange(
              request(path)
                  .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                  .POST(BodyPublishers.ofString(body))
                  .build());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            "The registry refused a schema of %s with HTTP %d: %s"
                .formatted(subject, response.statusCode(), response.body()));
      }
      return JSON.readTree(response.body()).required("id").intValue();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The registry's answer has no id", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the registry", e);
    }
  }

  /** Ends the registry and forgets its schemas. Does nothing the second time. */
  @Override
  public void close() {
    stop();
    scratch.close();
  }

  long pid() {
    return child.pid();
  }

  private void stop() {
    exitHook.cancel();
    gate.close();
    child.close();
  }

  private boolean answers() {
    try {
      return exchange(request("/subjects").build()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(rootAt(port) + path)).timeout(REQUEST_LIMIT);
  }

  private HttpResponse<String> exchange(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the registry worked", e);
    }
  }

  /** Form encoding differs from that of a path in how it writes a space. */
  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String rootAt(int port) {
    return "http://" + Ports.LOOPBACK + ":" + port + API;
  }

  private static List<String> jvmOptions(int port) {
    return List.of(
        // A short life: what the optimizing compiler would win is less than what it costs.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-Xmx192m",
        "-Dquarkus.http.host=" + Ports.LOOPBACK,
        "-Dquarkus.http.port=" + port,
        "-Dregistry.rules.global.compatibility=BACKWARD");
  }
}
