package org.beamtemplates.transforms.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** The requests themselves, one attempt each. */
final class RestApi {

  private static final String JSON = "application/vnd.schemaregistry.v1+json";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int SHOWN = 200;
  private static final int REGISTER_ATTEMPTS = 3;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  RestApi(String url) {
    this.url = url;
  }

  /** Asks for the schema of an id. */
  Schema schema(int id, Duration timeout)
      throws RegistryAwayException, UnknownSchemaException, InterruptedException {
    Answer answer = send(request("/schemas/ids/" + id, timeout).GET().build());
    if (answer.status() == 200 && answer.body().path("schema").isTextual()) {
      return parse(id, answer.body());
    }
    if (answer.errorCode() / 100 == 404) {
      throw new UnknownSchemaException(id, "schema id " + id + " is not in the registry");
    }
    if (answer.errorCode() > 0 && (answer.status() == 400 || answer.status() == 422)) {
      throw new UnknownSchemaException(
          id, "schema id " + id + " is not valid to the registry: " + shorten(answer.message()));
    }
    throw answer.unexpected();
  }

  /**
   * Registers a schema and returns its id.
   *
   * <p>Workers register the same schema at the same time. A registry may answer one of them with a
   * conflict though the schema is there, or is about to be, so that a conflict is only believed
   * when it lasts and the schema cannot be found.
   */
  int register(String subject, Schema schema, Duration timeout)
      throws RegistryAwayException, InterruptedException {
    String body =
        JsonNodeFactory.instance.objectNode().put("schema", PortableSchema.json(schema)).toString();
    String path = "/subjects/" + encode(subject);
    Answer answer = post(path + "/versions", body, timeout);
    for (int attempt = 1; answer.isConflict() && attempt < REGISTER_ATTEMPTS; attempt++) {
      Answer found = post(path, body, timeout);
      answer = found.status() == 200 ? found : post(path + "/versions", body, timeout);
    }
    if (answer.status() == 200 && answer.body().path("id").isInt()) {
      return answer.body().path("id").intValue();
    }
    if (answer.isConflict()) {
      throw new IncompatibleSchemaException(
          "The registry refuses schema "
              + schema.getFullName()
              + " for subject "
              + subject
              + ": "
              + answer.message());
    }
    throw answer.unexpected();
  }

  private Answer post(String path, String body, Duration timeout)
      throws RegistryAwayException, InterruptedException {
    return send(
        request(path, timeout)
            .header("Content-Type", JSON)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Asks for something cheap that every registry with Avro answers. */
  void probe(Duration timeout) throws RegistryAwayException, InterruptedException {
    Answer answer = send(request("/schemas/types", timeout).GET().build());
    if (answer.status() != 200 || !answer.body().isArray()) {
      throw answer.unexpected();
    }
    for (JsonNode type : answer.body()) {
      if (type.asText().equals("AVRO")) {
        return;
      }
    }
    throw new RegistryAwayException("has no support for Avro schemas", null);
  }

  private static Schema parse(int id, JsonNode body) throws UnknownSchemaException {
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new UnknownSchemaException(
          id, "schema id " + id + " is a schema of type " + shorten(type) + ", not AVRO");
    }
    if (!body.path("references").isEmpty()) {
      throw new UnknownSchemaException(
          id, "schema id " + id + " refers to other schemas, which is not supported");
    }
    try {
      return new Schema.Parser().setValidateDefaults(false).parse(body.path("schema").textValue());
    } catch (SchemaParseException e) {
      throw new UnknownSchemaException(
          id, "schema id " + id + " is not a valid Avro schema: " + shorten(e.getMessage()));
    }
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Accept", JSON + ", application/json")
        .timeout(timeout);
  }

  private Answer send(HttpRequest request) throws RegistryAwayException, InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(response.statusCode(), json(response.body()));
    } catch (HttpTimeoutException e) {
      throw new RegistryAwayException("does not answer in time", e);
    } catch (ConnectException e) {
      throw new RegistryAwayException(
          isUnknownHost(e) ? "is on a host that is not known" : "cannot be connected to", e);
    } catch (IOException e) {
      throw new RegistryAwayException("fails: " + shorten(String.valueOf(e.getMessage())), e);
    }
  }

  private static boolean isUnknownHost(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode json(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String shorten(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private record Answer(int status, JsonNode body) {

    /**
     * Returns the registry's own code, or 0. It tells "no such schema" (40403) from "no such page"
     * (404), which is what a server says that is no registry, or not at this path.
     */
    int errorCode() {
      return body.path("error_code").asInt();
    }

    boolean isConflict() {
      return status == 409 || status == 422;
    }

    String message() {
      String message = body.path("message").asText();
      return message.isEmpty() ? "HTTP status " + status : message;
    }

    RegistryAwayException unexpected() {
      if (status == 401 || status == 403) {
        return new RegistryAwayException(
            "refuses access (HTTP status " + status + "); it asks for credentials", null);
      }
      if (status == 429 || status >= 500) {
        return new RegistryAwayException("is in trouble (HTTP status " + status + ")", null);
      }
      if (errorCode() > 1000) {
        return new RegistryAwayException(
            "answers with HTTP status " + status + ": " + shorten(message()), null);
      }
      return new RegistryAwayException(
          "answers with HTTP status " + status + ", but not as a schema registry does", null);
    }
  }
}
