package org.beamtemplates.transforms.deadletter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Writes dead letters as {@link DeadLetterCodec} does: so that those in a checkpoint can be read
 * with another version of the envelope, and in one piece. Avro's own coder writes each field, and
 * each byte of a number, into the runner's stream.
 */
public final class DeadLetterCoder extends AtomicCoder<DeadLetter> {

  private static final long serialVersionUID = 1L;
  private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private DeadLetterCoder() {}

  /** Returns the coder. */
  public static DeadLetterCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(DeadLetter letter, OutputStream out) throws IOException {
    BYTES.encode(DeadLetterCodec.encode(letter), out);
  }

  @Override
  @SuppressWarnings("deprecation") // Beam itself still asks this way.
  public void encode(DeadLetter letter, OutputStream out, Context context) throws IOException {
    BYTES.encode(DeadLetterCodec.encode(letter), out, context);
  }

  @Override
  public DeadLetter decode(InputStream in) throws IOException {
    return decoded(BYTES.decode(in));
  }

  @Override
  @SuppressWarnings("deprecation") // Beam itself still asks this way.
  public DeadLetter decode(InputStream in, Context context) throws IOException {
    return decoded(BYTES.decode(in, context));
  }

  private static DeadLetter decoded(byte[] bytes) throws CoderException {
    try {
      return DeadLetterCodec.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new CoderException(e.getMessage(), e);
    }
  }
}
