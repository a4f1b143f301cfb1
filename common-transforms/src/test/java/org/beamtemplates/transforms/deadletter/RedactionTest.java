package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;

class RedactionTest {

  private static final String JSON = "application/json";

  private final Redaction redaction = Redaction.paths("email", "card.number");

  @Test
  void masksTheFieldsAtThePathsAndSaysWhich() {
    DeadLetter letter =
        redaction.apply(
            letter(
                "{\"id\":1.50,\"email\":\"ann@example.org\",\"card\":{\"number\":4111,\"kind\":\"v\"}}",
                "no such country"));

    assertThat(payload(letter))
        .isEqualTo("{\"id\":1.50,\"email\":\"***\",\"card\":{\"number\":\"***\",\"kind\":\"v\"}}");
    assertThat(letter.getRedacted()).containsExactly("card.number", "email");
    assertThat(letter.getReplayable()).isFalse();
    assertThat(letter.getErrorMessage()).isEqualTo("no such country");
  }

  @Test
  void walksArraysOnTheWay() {
    DeadLetter letter =
        redaction.apply(
            letter("[{\"card\":[{\"number\":1},{\"number\":2}]},{\"email\":[\"a\"]}]", ""));

    assertThat(payload(letter))
        .isEqualTo("[{\"card\":[{\"number\":\"***\"},{\"number\":\"***\"}]},{\"email\":\"***\"}]");
  }

  @Test
  void leavesALetterAloneThatHoldsNothingOfTheKind() {
    DeadLetter letter = letter("{\"user\":\"u\",\"email\":null}", "bad user u");

    assertThat(redaction.apply(letter)).isSameAs(letter);
    assertThat(redaction.apply(letter(null, "no value")).getReplayable()).isTrue();
  }

  @Test
  void leavesOutWhatCannotBeParsedWithItsMessage() {
    DeadLetter letter = letter("{\"email\":\"ann@exam", "unexpected end in \"ann@exam");
    letter.setErrorStack("at a.b.C");

    DeadLetter redacted = redaction.apply(letter);

    assertThat(redacted.getPayload()).isNull();
    assertThat(redacted.getPayloadSize()).isEqualTo(18);
    assertThat(redacted.getRedacted()).containsExactly("payload");
    assertThat(redacted.getErrorMessage()).startsWith("(withheld");
    assertThat(redacted.getErrorStack()).isEmpty();
    assertThat(redacted.getErrorClass()).isEqualTo("java.lang.IllegalStateException");
    assertThat(redaction.apply(letter("{\"a\":1} {\"email\":\"x\"}", "")).getPayload()).isNull();
  }

  @Test
  void leavesOutPayloadsOfAnotherKind() {
    DeadLetter letter = letter("{}", "");
    letter.setContentType("application/vnd.confluent.avro");

    assertThat(redaction.apply(letter).getPayload()).isNull();
  }

  @Test
  void takesOutKeyAndHeadersIfAsked() {
    DeadLetter letter =
        Redaction.paths().andKey().andHeaders("Authorization").apply(letter("{\"a\":1}", "m"));

    assertThat(letter.getKey()).isNull();
    assertThat(letter.getHeaders())
        .extracting(header -> header.getName() + "=" + UTF_8.decode(header.getValue().duplicate()))
        .containsExactly("authorization=***", "trace=7");
    assertThat(letter.getRedacted()).containsExactly("header authorization", "key");
    assertThat(letter.getReplayable()).isFalse();
  }

  @Test
  void theElementIsNeverChanged() {
    DeadLetter letter = letter("{\"email\":\"ann@example.org\"}", "bad ann@example.org");
    DeadLetter before = DeadLetter.newBuilder(letter).build();

    redaction.apply(letter);

    assertThat(letter).isEqualTo(before);
  }

  @Test
  void refusesWhatIsNoPath() {
    assertThatThrownBy(() -> Redaction.paths("a..b"))
        .hasMessage("\"a..b\" is no path of a field; give one such as email or card.number");
  }

  @Test
  void isDoneBeforeTheSink() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    CaughtDeadLetters caught = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("p", "1", caught).withRedaction(redaction)) {
      deadLetters.add(
          "s",
          pipeline.apply(
              Create.of(letter("{\"email\":\"ann@example.org\"}", "m"))
                  .withCoder(DeadLetterCoder.of())));
    }
    pipeline.run();

    assertThat(payload(caught.letters().get(0))).isEqualTo("{\"email\":\"***\"}");
  }

  @Property
  @Tag("property")
  void aSecretIsNowhereInTheEnvelope(
      @ForAll @AlphaChars @NumericChars @StringLength(min = 6, max = 30) String secret,
      @ForAll boolean nested,
      @ForAll boolean told,
      @ForAll boolean broken) {
    Assume.that(!"application".contains(secret) && !"IllegalStateException".contains(secret));
    String json =
        nested
            ? "{\"card\":[{\"number\":\"" + secret + "\"}]" + (broken ? "" : "}")
            : "{\"email\":\"" + secret + "\"" + (broken ? "" : "}");
    DeadLetter letter = letter(json, told ? "bad: " + secret.substring(1) : "bad");
    letter.setErrorStack("java.lang.X: " + (told ? secret : "") + "\n at a.b");

    String written = new String(DeadLetterCodec.encode(redaction.apply(letter)), UTF_8);

    assertThat(written).doesNotContain(secret).doesNotContain(secret.substring(1));
  }

  private static DeadLetter letter(String payload, String message) {
    return DeadLetters.of("p", "1", DeadLetterSinks.log())
        .withClock(Clock.systemUTC())
        .stage("s")
        .ofRecord(
            Categories.VALIDATE,
            RawRecord.of(
                Origin.kafka("t", 0, 1),
                "key".getBytes(UTF_8),
                payload == null ? null : payload.getBytes(UTF_8),
                List.of(
                    new RawRecord.Header("authorization", "Bearer x".getBytes(UTF_8)),
                    new RawRecord.Header("trace", "7".getBytes(UTF_8))),
                OptionalLong.empty()),
            JSON,
            null,
            5L,
            new IllegalStateException(message));
  }

  private static String payload(DeadLetter letter) {
    return UTF_8.decode(letter.getPayload().duplicate()).toString();
  }
}
