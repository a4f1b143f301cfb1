package org.beamtemplates.runners.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * Stands where Dataflow's job service would be, on loopback: takes one job, tells its states one
 * after the other as it is asked, puts it into the state that is requested, and keeps what was
 * sent. It checks nothing that the service would check, and runs nothing.
 */
final class StubJobService implements AutoCloseable {

  static final String JOB_ID = "2026-01-31_00_00_00-1234567890123456789";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String jobs;
  private final HttpServer server;
  private final ExecutorService threads;

  // Guarded by this.
  private final Deque<String> states;
  private final List<String> requestedStates = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private JsonNode submitted;
  private int polls;

  private StubJobService(String project, String region, List<String> states) throws IOException {
    this.jobs = "/v1b3/projects/" + project + "/locations/" + region + "/jobs";
    this.states = new ArrayDeque<>(states);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    this.threads = Executors.newFixedThreadPool(2);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Starts one.
   *
   * @param states what it answers to questions after the job, one each; the last one for ever
   */
  static StubJobService start(String project, String region, String... states) throws IOException {
    return new StubJobService(project, region, List.of(states));
  }

  /** Returns what to give as {@code --apiRootUrl}. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Returns the job that was sent. */
  synchronized JsonNode submitted() {
    if (submitted == null) {
      throw new AssertionError("No job was sent");
    }
    return submitted;
  }

  /** Returns how often somebody asked for the state of the job. */
  synchronized int polls() {
    return polls;
  }

  /** Returns the states that somebody asked for, in order. */
  synchronized List<String> requestedStates() {
    return List.copyOf(requestedStates);
  }

  /** Returns the requests that the stub has no answer for. */
  synchronized List<String> unknown() {
    return List.copyOf(unknown);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = read(exchange);
      JsonNode answer = answerTo(exchange, body);
      byte[] bytes = answer.toString().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
      exchange.sendResponseHeaders(answer.has("error") ? 404 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private synchronized JsonNode answerTo(HttpExchange exchange, JsonNode body) {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    if (request.equals("POST " + jobs) && submitted == null) {
      submitted = body;
      return job("JOB_STATE_PENDING").put("clientRequestId", body.path("clientRequestId").asText());
    }
    String job = jobs + "/" + JOB_ID;
    if (request.equals("GET " + job)) {
      polls++;
      return job(states.size() > 1 ? states.remove() : states.element());
    }
    if (request.equals("PUT " + job)) {
      String state = body.path("requestedState").asText();
      requestedStates.add(state);
      states.clear();
      states.add(state);
      return job(state);
    }
    if (request.equals("GET " + job + "/messages") || request.equals("GET " + job + "/metrics")) {
      return JSON.createObjectNode();
    }
    unknown.add(request);
    ObjectNode error = JSON.createObjectNode();
    error.putObject("error").put("code", 404).put("message", "No answer to " + request);
    return error;
  }

  private ObjectNode job(String state) {
    return JSON.createObjectNode().put("id", JOB_ID).put("currentState", state);
  }

  private static JsonNode read(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream plain = exchange.getRequestBody();
        InputStream in = zipped ? new GZIPInputStream(plain) : plain) {
      return JSON.readTree(in);
    }
  }
}
