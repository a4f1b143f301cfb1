package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/** Whole dead letters as JSON objects, bytes in Base64. For one thread. */
final class LetterJson {

  private final Decoder<DeadLetter> decoder = Decoders.json(DeadLetter.class);
  private final Encoder<DeadLetter> encoder = Encoders.json(DeadLetter.class);

  LetterJson() {
    decoder.open();
    encoder.open();
  }

  /** Returns the letter in one line. */
  String line(DeadLetter letter) {
    try {
      return new String(encoder.encode(letter), UTF_8);
    } catch (EncodeException e) {
      throw new IllegalArgumentException("no JSON for dead letter " + letter.getId(), e);
    }
  }

  /** Reads a line, which is a dead letter or not. */
  void read(String line, String place, LetterReader reader) {
    DeadLetter letter;
    try {
      letter = decoder.decode(RawRecord.of(Origin.none(), line.getBytes(UTF_8)));
    } catch (DecodeException | RuntimeException e) {
      reader.malformed(place, "not a dead letter: " + e.getMessage());
      return;
    }
    reader.letter(new Found(letter, place));
  }
}
