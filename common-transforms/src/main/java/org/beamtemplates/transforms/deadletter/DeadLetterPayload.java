package org.beamtemplates.transforms.deadletter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.beamtemplates.schemas.DeadLetter;

/** The payload of a dead letter, wherever it lies. */
public final class DeadLetterPayload {

  private DeadLetterPayload() {}

  /**
   * Returns the payload: the bytes in the envelope, or those of the file that it refers to. Empty
   * if the record had no value, or if its payload is lost or was not kept: then the dead letter is
   * not replayable, or has coordinates at which the record can be looked up.
   *
   * <p>Reads nothing but files that were made for this dead letter: those named by its id, of the
   * length that the envelope tells.
   *
   * @throws FileNotFoundException if the file is gone
   * @throws IOException if it cannot be read now, or is not the payload's file
   */
  public static Optional<byte[]> of(DeadLetter letter) throws IOException {
    ByteBuffer payload = letter.getPayload();
    if (payload != null) {
      byte[] bytes = new byte[payload.remaining()];
      payload.duplicate().get(bytes);
      return Optional.of(bytes);
    }
    return letter.getPayloadReference() == null
        ? Optional.empty()
        : Optional.of(PayloadOverflow.read(letter));
  }
}
