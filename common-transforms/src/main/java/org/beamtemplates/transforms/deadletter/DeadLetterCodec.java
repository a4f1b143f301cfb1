package org.beamtemplates.transforms.deadletter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.beamtemplates.schemas.DeadLetter;

/** Dead letters as bytes: Avro in the single-object encoding, which needs no registry. */
public final class DeadLetterCodec {

  private DeadLetterCodec() {}

  /** Returns the bytes of a dead letter. */
  public static byte[] encode(DeadLetter letter) {
    ByteBuffer payload = letter.getPayload();
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(1_024 + (payload == null ? 0 : payload.remaining()));
    try {
      DeadLetter.getEncoder().encode(letter, out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes whatever is written", e);
    }
    return out.toByteArray();
  }

  /**
   * Returns the dead letter that the bytes hold.
   *
   * @throws IllegalArgumentException if they hold none; the message says why
   */
  public static DeadLetter decode(byte[] bytes) {
    try {
      return DeadLetter.fromByteBuffer(ByteBuffer.wrap(bytes));
    } catch (IOException | AvroRuntimeException e) {
      throw new IllegalArgumentException("not a dead letter: " + e.getMessage(), e);
    }
  }
}
