package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SchemaRegistryExtension.class)
class LocalSchemaRegistryTest {

  private static final String V1 =
      """
      {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}""";
  private static final String WITH_DEFAULT =
      """
      {"type": "record", "name": "Order", "fields": [
        {"name": "id", "type": "string"}, {"name": "note", "type": "string", "default": ""}]}""";
  private static final String WITHOUT_DEFAULT =
      """
      {"type": "record", "name": "Order", "fields": [
        {"name": "id", "type": "string"}, {"name": "amount", "type": "long"}]}""";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalSchemaRegistry registry;

  LocalSchemaRegistryTest(LocalSchemaRegistry registry) {
    this.registry = registry;
  }

  @Test
  void givesBackASchemaByItsId() throws Exception {
    int id = registry.register("fetched-value", V1);

    HttpResponse<String> answer = get("/schemas/ids/" + id);
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode schema = JSON.readTree(JSON.readTree(answer.body()).required("schema").textValue());
    assertThat(schema).isEqualTo(JSON.readTree(V1));
  }

  @Test
  void knowsARegisteredSchemaAgain() {
    int id = registry.register("repeated-value", V1);

    assertThat(registry.register("repeated-value", V1)).isEqualTo(id);
    assertThat(registry.register("repeated-value", WITH_DEFAULT)).isNotEqualTo(id);
  }

  @Test
  void acceptsSubjectsWithUnusualNames() throws Exception {
    registry.register("shop/orders value", V1);

    assertThat(get("/subjects").body()).contains("shop/orders value");
  }

  @Test
  void refusesAnIncompatibleSchemaWith409() throws Exception {
    registry.register("guarded-value", V1);
    registry.register("guarded-value", WITH_DEFAULT);

    assertThatThrownBy(() -> registry.register("guarded-value", WITHOUT_DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("HTTP 409");
    assertThat(get("/subjects/guarded-value/versions").body()).isEqualTo("[1,2]");
  }

  @Test
  void answers404ForAnUnknownId() throws Exception {
    assertThat(get("/schemas/ids/999999").statusCode()).isEqualTo(404);
  }

  @Test
  void goesAwayAndComesBackWithItsSchemas() throws Exception {
    try (LocalSchemaRegistry own = LocalSchemaRegistry.start()) {
      int id = own.register("kept-value", V1);
      URI schema = URI.create(own.url() + "/schemas/ids/" + id);
      assertThat(get(schema).statusCode()).isEqualTo(200);

      own.gate().cut();
      assertThatThrownBy(() -> get(schema)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Connections.connect(schema.getPort()))
          .isInstanceOf(ConnectException.class);

      own.gate().restore();
      assertThat(get(schema).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void endsItsProcessWhenClosed() {
    LocalSchemaRegistry own = LocalSchemaRegistry.start();
    ProcessHandle process = ProcessHandle.of(own.pid()).orElseThrow();
    assertThat(process.isAlive()).isTrue();

    own.close();
    own.close();

    assertThat(process.isAlive()).isFalse();
    assertThatThrownBy(() -> Connections.connect(own.gate().port()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void listensOnLoopbackOnly() throws IOException {
    assertThat(ListeningSockets.of(registry.pid()))
        .isNotEmpty()
        .allMatch(ListeningSockets::isLoopback);
    assertThat(ListeningSockets.of(ProcessHandle.current().pid()))
        .isNotEmpty()
        .allMatch(ListeningSockets::isLoopback);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(URI.create(registry.url() + path));
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
