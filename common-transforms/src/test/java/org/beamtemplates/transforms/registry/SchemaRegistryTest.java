package org.beamtemplates.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Collections;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.beam.sdk.util.SerializableUtils;
import org.assertj.core.api.AbstractThrowableAssert;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.CapturedLog;
import org.beamtemplates.testing.FakeSchemaRegistry;
import org.beamtemplates.testing.ManualTime;
import org.beamtemplates.transforms.retry.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryTest {

  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredString("id").endRecord();

  private final ManualTime time = new ManualTime();
  private FakeSchemaRegistry fake;
  private SchemaRegistry registry;

  @BeforeEach
  void start() {
    fake = FakeSchemaRegistry.start();
    registry = SchemaRegistry.at(fake.url()).withTime(time, time);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Test
  void asksForASchemaOnce() throws Exception {
    int id = fake.add(ORDER);

    assertThat(registry.schemaById(id)).isEqualTo(ORDER);
    time.advance(Duration.ofDays(30));
    assertThat(registry.schemaById(id)).isEqualTo(ORDER);

    assertThat(fake.requests()).containsExactly("GET /schemas/ids/" + id);
  }

  @Test
  void isUsableAfterSerialization() throws Exception {
    int id = fake.add(ORDER);
    SchemaRegistry original = SchemaRegistry.at(fake.url());
    original.schemaById(id);

    SchemaRegistry copy = SerializableUtils.ensureSerializable(original);

    assertThat(copy.schemaById(id)).isEqualTo(ORDER);
    assertThat(fake.requests()).hasSize(2);
  }

  @Test
  void doesNotAskAgainForAnUnknownIdUntilAMinuteIsOver() throws Exception {
    assertUnknown(1).hasMessage("schema id 1 is not in the registry");
    time.advance(Duration.ofSeconds(59));
    assertUnknown(1);
    assertThat(fake.requests()).hasSize(1);

    fake.add(ORDER);
    time.advance(Duration.ofSeconds(1));

    assertThat(registry.schemaById(1)).isEqualTo(ORDER);
    assertThat(fake.requests()).hasSize(2);
  }

  @Test
  void aStormOfRandomIdsIsNoStormOfRequests() throws Exception {
    int known = fake.add(ORDER);
    registry.schemaById(known);
    int late = fake.add(SchemaBuilder.record("Late").fields().endRecord());

    for (int id = 1_000; id < 11_000; id++) {
      assertUnknown(id);
    }

    assertThat(fake.requests()).hasSize(1 + 100);
    assertThat(registry.schemaById(known)).isEqualTo(ORDER);
    assertUnknown(late).hasMessageContaining("was not looked up").hasMessageContaining("replay");

    time.advance(Duration.ofMinutes(1));
    assertThat(registry.schemaById(late).getName()).isEqualTo("Late");
  }

  @Test
  void theWindowOfUnknownIdsSlides() {
    registry =
        registry.withUnknownIds(
            new UnknownIdPolicy(Duration.ofHours(1), 2, Duration.ofSeconds(10)));
    assertUnknown(1);
    time.advance(Duration.ofSeconds(5));
    assertUnknown(2);
    time.advance(Duration.ofSeconds(5));
    assertUnknown(3);
    assertUnknown(4);

    assertThat(fake.requests())
        .containsExactly("GET /schemas/ids/1", "GET /schemas/ids/2", "GET /schemas/ids/3");
  }

  @Test
  void neverAsksForANegativeId() {
    assertUnknown(-7).hasMessage("schema id -7 is negative");
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void aSchemaThatIsNoAvroSchemaIsUnknown() {
    fake.answer(1, 200, "{\"schema\": \"syntax = 'proto3';\", \"schemaType\": \"PROTOBUF\"}");
    fake.answer(1, 200, "{\"schema\": \"{}\"}");
    fake.answer(1, 200, "{\"schema\": \"\\\"int\\\"\", \"references\": [{\"name\": \"A\"}]}");

    assertUnknown(1).hasMessage("schema id 1 is a schema of type PROTOBUF, not AVRO");
    assertUnknown(2).hasMessageStartingWith("schema id 2 is not a valid Avro schema: ");
    assertUnknown(3).hasMessageContaining("refers to other schemas");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {\"error_code\":50001,\"message\":\"Error in the backend\"}",
        "503 | ''",
        "429 | {\"error_code\":42901,\"message\":\"slow down\"}",
        "401 | {\"error_code\":401,\"message\":\"Unauthorized\"}",
        "404 | {\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}",
        "404 | <html>no such page</html>",
        "200 | <html>Please log in</html>",
      })
  void waitsForARegistryThatIsAwayInsteadOfGivingTheRecordUp(int status, String body)
      throws Exception {
    int id = fake.add(ORDER);
    fake.answer(3, status, body);

    assertThat(registry.schemaById(id)).isEqualTo(ORDER);

    assertThat(fake.requests()).hasSize(4);
    assertThat(time.sleeps()).hasSize(3);
  }

  @Test
  void waitsLongerEachTimeUpToTenSeconds() throws Exception {
    int id = fake.add(ORDER);
    fake.answer(20, 503, "");

    registry.schemaById(id);

    assertThat(time.sleeps().get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(time.sleeps().get(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
    assertThat(time.sleeps().get(19)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    assertThat(Collections.max(time.sleeps())).isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void givesUpWithTheBundleAfterALongTime() {
    fake.close();

    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.withPatience(Duration.ofMinutes(3)).schemaById(1))
        .withMessageContaining(fake.url())
        .withMessageContaining("cannot be connected to")
        .withMessageContaining("PT3M");
    assertThat(time.sleeps().stream().mapToLong(Duration::toSeconds).sum()).isBetween(150L, 190L);
  }

  @Test
  void warnsAtOnceThenOnceAMinuteAndTellsWhenTheRegistryIsBack() throws Exception {
    int id = fake.add(ORDER);
    fake.answer(30, 503, "");

    try (CapturedLog log = CapturedLog.of(Patience.class)) {
      registry.schemaById(id);

      long minutes = Duration.between(new ManualTime().instant(), time.instant()).toMinutes();
      assertThat(log.lines().get(0))
          .startsWith("WARN Schema registry " + fake.url() + ": is in trouble (HTTP status 503)");
      assertThat(log.lines().get(log.lines().size() - 1)).startsWith("INFO").contains("is back");
      assertThat(log.lines()).hasSizeBetween(3, (int) minutes + 2);
    }
  }

  @Test
  void saysNothingWhenNothingIsWrong() throws Exception {
    int id = fake.add(ORDER);
    try (CapturedLog log = CapturedLog.of(Patience.class)) {
      registry.schemaById(id);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void anInterruptEndsTheWait() {
    fake.answer(Integer.MAX_VALUE, 503, "");
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.schemaById(1))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void registersASchemaOnce() throws Exception {
    int id = registry.register("orders value", ORDER);

    assertThat(registry.register("orders value", ORDER)).isEqualTo(id);
    assertThat(fake.requests()).containsExactly("POST /subjects/orders%20value/versions");
    assertThat(registry.schemaById(id)).isEqualTo(ORDER);
  }

  @Test
  void registersWithoutThePropertiesOfJava() {
    int id = registry.register("events-value", PageEvent.getClassSchema());

    assertThat(fake.schema(id))
        .doesNotContain("avro.java.string")
        .contains("{\"name\":\"page\",\"type\":\"string\",\"doc\":");
  }

  @Test
  void aConflictWithAnotherWorkerIsNoRefusal() {
    fake.answer(1, 409, "{\"error_code\":409,\"message\":\"already exists\"}");

    assertThat(registry.register("orders-value", ORDER)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422})
  void aSchemaThatIsRefusedThriceIsRefused(int status) {
    fake.answer(9, status, "{\"error_code\":" + status + ",\"message\":\"id was removed\"}");

    assertThatExceptionOfType(IncompatibleSchemaException.class)
        .isThrownBy(() -> registry.register("orders-value", ORDER))
        .withMessage("The registry refuses schema Order for subject orders-value: id was removed");
    assertThat(fake.requests())
        .containsExactly(
            "POST /subjects/orders-value/versions",
            "POST /subjects/orders-value",
            "POST /subjects/orders-value/versions",
            "POST /subjects/orders-value",
            "POST /subjects/orders-value/versions");
  }

  @Test
  void registrationWaitsToo() {
    fake.answer(2, 500, "");

    assertThat(registry.register("orders-value", ORDER)).isEqualTo(1);
  }

  @Test
  void aWorkingRegistryHasNoProblem() {
    assertThat(registry.problem()).isEmpty();
    assertThat(SchemaRegistry.at(fake.url() + "/").problem()).isEmpty();
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithTheRegistry() {
    fake.answer(1, 200, "[\"JSON\"]");
    assertThat(registry.problem())
        .hasValue("The schema registry at " + fake.url() + " has no support for Avro schemas.");
    assertThat(SchemaRegistry.at(fake.url() + "/elsewhere").problem())
        .hasValue(
            "The schema registry at "
                + fake.url()
                + "/elsewhere answers with HTTP status 404, but not as a schema registry does.");
    fake.close();
    assertThat(registry.problem())
        .hasValue("The schema registry at " + fake.url() + " cannot be connected to.");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void saysThatAHostIsNotKnown() {
    assertThat(SchemaRegistry.at("http://registry.invalid:8081").problem())
        .hasValue(
            "The schema registry at http://registry.invalid:8081 is on a host that is not known.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:8081", "https://registry.example.org/apis/ccompat/v7/"})
  void acceptsUrls(String url) {
    assertThat(SchemaRegistry.urlProblem(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty",
        "registry:8081 | http://",
        "ftp://registry | http://",
        "http:// | not a URL",
        "http://a b | not a URL",
        "http://a:8081,http://b:8081 | names no host, or several",
        "http://registry/?x=1 | query",
        "http://registry/#x | fragment",
        "http://user:secret@registry | user name or a password",
        "http://user:secret@under_score | user name or a password",
      })
  void refusesOtherUrls(String url, String problem) {
    assertThat(SchemaRegistry.urlProblem(url).orElseThrow()).contains(problem);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchemaRegistry.at(url))
        .withMessageContaining(problem);
  }

  @Test
  void neverRepeatsAPassword() {
    for (String url :
        new String[] {
          "http://user:secret@registry", "user:secret@registry", "http://user:secret@ x"
        }) {
      assertThat(SchemaRegistry.urlProblem(url).orElseThrow()).doesNotContain("secret");
    }
  }

  private AbstractThrowableAssert<?, UnknownSchemaException> assertUnknown(int id) {
    UnknownSchemaException thrown =
        catchThrowableOfType(UnknownSchemaException.class, () -> registry.schemaById(id));
    assertThat(thrown).isNotNull();
    assertThat(thrown.schemaId()).isEqualTo(id);
    return assertThat(thrown);
  }
}
