package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.beamtemplates.schemas.DeadLetter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters as lines that read back as they were, in this version and in others. */
class DeadLetterJsonTest {

  @Tag("property")
  @Property
  void readsWhatItHasWrittenInOneLine(@ForAll long seed) {
    DeadLetter letter = new RandomLetters(seed).next();

    byte[] line = DeadLetterJson.encode(letter);

    assertThat(new String(line, UTF_8)).doesNotContain("\n").doesNotContain("\r");
    assertThat(DeadLetterJson.decode(line)).isEqualTo(letter);
  }

  @Test
  void hasDefaultsForWhatIsMissingAndIgnoresWhatIsUnknown() {
    String line =
        """
        {"id": "a", "later": {"b": [1]}, "category": "DECODE", "pipeline": "shop", "stage": "s",
         "firstFailureMs": 1, "lastFailureMs": 2, "payload": "aGk=", "payloadText": "hi"}""";

    DeadLetter letter = DeadLetterJson.decode(line.getBytes(UTF_8));

    assertThat(letter)
        .isEqualTo(
            DeadLetter.newBuilder()
                .setId("a")
                .setCategory("DECODE")
                .setPipeline("shop")
                .setStage("s")
                .setFirstFailureMs(1)
                .setLastFailureMs(2)
                .setPayload(UTF_8.encode("hi"))
                .build());
  }

  @Test
  void keepsEvenHalfOfASurrogatePair() {
    DeadLetter letter = new RandomLetters(1).next();
    letter.setErrorMessage("half \ud83d a pair");

    assertThat(DeadLetterJson.decode(DeadLetterJson.encode(letter))).isEqualTo(letter);
  }

  @Test
  void refusesToWriteWhatIsNoDeadLetter() {
    assertThatThrownBy(() -> DeadLetterJson.encode(new DeadLetter()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | An empty value",
        "no json | malformed JSON",
        "{} | the field is missing",
        "[1] | an object",
        "{\"id\": 1} | string",
      })
  void saysWhyALineIsNoDeadLetter(String line, String message) {
    assertThatThrownBy(() -> DeadLetterJson.decode(line.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a dead letter: ")
        .hasMessageContaining(message);
  }
}
