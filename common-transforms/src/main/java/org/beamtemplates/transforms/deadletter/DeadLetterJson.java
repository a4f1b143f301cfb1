package org.beamtemplates.transforms.deadletter;

import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Dead letters as JSON: an object in one line, with the names of the schema. Bytes (payload, key,
 * values of headers) are Base64, which {@code jq '.payload | @base64d'} shows as text; there is no
 * second, readable copy of them that somebody could mend in vain.
 *
 * <p>Reads those of every version: fields that are missing have their defaults, fields that are
 * unknown are ignored.
 */
public final class DeadLetterJson {

  /** A buffer that has grown beyond this is not kept. */
  private static final int KEPT_BYTES = 1_000_000;

  // Encoders and decoders are for one thread each.
  private static final ThreadLocal<Encoder<DeadLetter>> ENCODER =
      ThreadLocal.withInitial(() -> Encoders.json(DeadLetter.class));
  private static final ThreadLocal<Decoder<DeadLetter>> DECODER =
      ThreadLocal.withInitial(() -> Decoders.json(DeadLetter.class));

  private DeadLetterJson() {}

  /**
   * Returns a dead letter as one line in UTF-8, without the line break at its end.
   *
   * @throws IllegalArgumentException if a field is null that is never null
   */
  public static byte[] encode(DeadLetter letter) {
    byte[] line;
    try {
      line = ENCODER.get().encode(letter);
    } catch (EncodeException e) {
      throw new IllegalArgumentException("not a dead letter: " + e.getMessage(), e);
    }
    if (line.length > KEPT_BYTES) {
      ENCODER.remove();
    }
    return line;
  }

  /**
   * Returns the dead letter that a line holds.
   *
   * @throws IllegalArgumentException if it holds none; the message says why
   */
  public static DeadLetter decode(byte[] line) {
    try {
      return DECODER.get().decode(RawRecord.of(Origin.none(), line));
    } catch (DecodeException e) {
      throw new IllegalArgumentException("not a dead letter: " + e.getMessage(), e);
    }
  }
}
