package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.Categories;

/** Dead letters to look after. */
final class Samples {

  static final long MORNING = Instant.parse("2026-01-31T08:00:00Z").toEpochMilli();

  private Samples() {}

  /** A record that could not be decoded, one second after the one of the number before. */
  static DeadLetter undecodable(String id, int number) {
    byte[] payload = ("value-" + number).getBytes(UTF_8);
    return DeadLetter.newBuilder()
        .setId(id)
        .setCategory(Categories.DECODE)
        .setPipeline("shop")
        .setStage("ingest")
        .setPayload(ByteBuffer.wrap(payload))
        .setPayloadSize(payload.length)
        .setContentType("text/plain")
        .setSource("orders")
        .setSourceType("KAFKA")
        .setPartition(1)
        .setOffset((long) number)
        .setFirstFailureMs(MORNING + 1_000L * number)
        .setLastFailureMs(MORNING + 1_000L * number)
        .setErrorClass("org.example.DecodeException")
        .setErrorMessage("no magic byte")
        .build();
  }

  static DeadLetter late(String id, int number) {
    DeadLetter letter = undecodable(id, number);
    letter.setCategory(Categories.LATE);
    letter.setStage("aggregate");
    letter.setErrorClass("");
    letter.setErrorMessage("");
    letter.setWindowStartMs(MORNING);
    letter.setWindowEndMs(MORNING + 60_000);
    letter.setWatermarkMs(MORNING + 90_000);
    return letter;
  }

  /** The next failure of the record that a letter tells of. */
  static DeadLetter again(DeadLetter before, String id) {
    DeadLetter letter = DeadLetter.newBuilder(before).setId(id).build();
    letter.setPreviousId(before.getId());
    letter.setAttempts(before.getAttempts() + 1);
    letter.setLastFailureMs(before.getLastFailureMs() + 60_000);
    return letter;
  }

  static Path write(Path file, List<DeadLetter> letters) {
    try (DataFileWriter<DeadLetter> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(DeadLetter.class))) {
      writer.create(DeadLetter.getClassSchema(), file.toFile());
      for (DeadLetter letter : letters) {
        writer.append(letter);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
