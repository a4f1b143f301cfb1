package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads in the envelope, in files, and in places where they should not be looked for. */
class DeadLetterPayloadTest {

  private static final byte[] PAYLOAD = {1, 2, 3};

  @TempDir private Path folder;

  @Test
  void isThatOfTheEnvelopeAsOftenAsItIsAskedFor() throws IOException {
    DeadLetter letter = letter(PAYLOAD);

    assertThat(DeadLetterPayload.of(letter)).contains(PAYLOAD);
    assertThat(DeadLetterPayload.of(letter)).contains(PAYLOAD);
  }

  @Test
  void isEmptyWhereThereWasNone() throws IOException {
    assertThat(DeadLetterPayload.of(letter(null))).isEmpty();
  }

  @Test
  void isReadFromTheFileThatTheEnvelopeRefersTo() throws IOException {
    DeadLetter letter = letter(PAYLOAD);

    DeadLetter moved = moved(letter, new PayloadOverflow(folder.toString()));

    assertThat(DeadLetterPayload.of(moved)).contains(PAYLOAD);
  }

  @Test
  void ofAFileThatIsGoneIsAnError() throws IOException {
    DeadLetter moved = moved(letter(PAYLOAD), new PayloadOverflow(folder.toString()));
    Files.delete(Path.of(moved.getPayloadReference()));

    assertThatThrownBy(() -> DeadLetterPayload.of(moved))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining(moved.getId())
        .hasMessageContaining("is gone");
  }

  @Test
  void ofAFileThatHasChangedIsAnError() throws IOException {
    DeadLetter moved = moved(letter(PAYLOAD), new PayloadOverflow(folder.toString()));
    Files.write(Path.of(moved.getPayloadReference()), new byte[2]);

    assertThatThrownBy(() -> DeadLetterPayload.of(moved))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 2 bytes, the payload has 3");
  }

  @Test
  void isNotReadFromAFileThatWasNotMadeForTheDeadLetter() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), PAYLOAD);
    DeadLetter forged = letter(PAYLOAD);
    forged.setPayload(null);
    forged.setPayloadReference(secret.toString());

    assertThatThrownBy(() -> DeadLetterPayload.of(forged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not named by the dead letter's id");
  }

  @Test
  void inAFileSystemThatIsNotThereIsAnError() {
    DeadLetter elsewhere = letter(PAYLOAD);
    elsewhere.setPayload(null);
    elsewhere.setPayloadReference("nowhere://bucket/" + elsewhere.getId() + ".bin");

    assertThatThrownBy(() -> DeadLetterPayload.of(elsewhere))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../escaped", "/etc/passwd", "a/b", "..", "", ".hidden", "a\u0000b"})
  void overflowsIntoTheFolderWhateverTheIdIs(String id) throws IOException {
    Path inner = Files.createDirectories(folder.resolve("a").resolve("b"));
    DeadLetter letter = letter(PAYLOAD);
    letter.setId(id);

    DeadLetter moved = moved(letter, new PayloadOverflow(inner.toString()));

    assertThat(filesIn(folder))
        .singleElement()
        .satisfies(file -> assertThat(file.getParent()).isEqualTo(inner));
    assertThat(DeadLetterPayload.of(moved)).contains(PAYLOAD);
  }

  private static DeadLetter moved(DeadLetter letter, PayloadOverflow overflow) throws IOException {
    String reference = overflow.write(letter.getId(), ByteBuffer.wrap(PAYLOAD));
    return DeadLetter.newBuilder(letter).setPayload(null).setPayloadReference(reference).build();
  }

  private static List<Path> filesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static DeadLetter letter(byte[] payload) {
    RawRecord raw =
        RawRecord.of(
            Origin.kafka("orders", 3, 5),
            "key".getBytes(UTF_8),
            payload,
            List.of(),
            OptionalLong.of(7));
    return DeadLetters.of("shop", "1.0", letters -> null)
        .stage("decode")
        .ofRecord(Categories.DECODE, raw, "x/y", null, null, new Exception("no"));
  }
}
