package org.beamtemplates.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;

/**
 * A fake of the few calls of a schema registry that the client makes. It counts requests, and it
 * can be told to answer as a registry in trouble does. Not a registry: it checks no compatibility.
 */
public final class FakeSchemaRegistry implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static {
    // Without it every answer waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private record Scripted(int status, String body, AtomicInteger times) {}

  private final HttpServer server;
  private final Map<Integer, String> schemas = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Scripted> script = new CopyOnWriteArrayList<>();

  private FakeSchemaRegistry(HttpServer server) {
    this.server = server;
  }

  /** Starts a fake on a free port of the loopback interface. */
  public static FakeSchemaRegistry start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FakeSchemaRegistry fake = new FakeSchemaRegistry(server);
      server.createContext("/", fake::handle);
      server.start();
      return fake;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the base URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Adds a schema and returns its id. */
  public int add(Schema schema) {
    return add(schema.toString());
  }

  /** Adds a text in the place of a schema and returns its id. */
  public synchronized int add(String schema) {
    for (Map.Entry<Integer, String> known : schemas.entrySet()) {
      if (known.getValue().equals(schema)) {
        return known.getKey();
      }
    }
    int id = schemas.size() + 1;
    schemas.put(id, schema);
    return id;
  }

  /** Returns the text of a schema. */
  public String schema(int id) {
    return schemas.get(id);
  }

  /** Answers the next requests, as many as {@code times}, with a status and a body. */
  public void answer(int times, int status, String body) {
    script.add(new Scripted(status, body, new AtomicInteger(times)));
  }

  /** Returns the requests so far: method and path. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    for (Scripted scripted : script) {
      if (scripted.times().getAndDecrement() > 0) {
        reply(exchange, scripted.status(), scripted.body());
        return;
      }
    }
    if (path.equals("/schemas/types")) {
      reply(exchange, 200, "[\"AVRO\"]");
    } else if (path.startsWith("/schemas/ids/")) {
      schemaById(exchange, Integer.parseInt(path.substring("/schemas/ids/".length())));
    } else if (path.startsWith("/subjects/") && path.endsWith("/versions")) {
      JsonNode request = MAPPER.readTree(body);
      reply(exchange, 200, "{\"id\":" + add(request.get("schema").textValue()) + "}");
    } else {
      reply(exchange, 404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}");
    }
  }

  private void schemaById(HttpExchange exchange, int id) throws IOException {
    String schema = schemas.get(id);
    if (schema == null) {
      reply(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    } else {
      reply(exchange, 200, MAPPER.createObjectNode().put("schema", schema).toString());
    }
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
