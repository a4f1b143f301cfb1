package org.beamtemplates.transforms.deadletter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.beamtemplates.schemas.ReleasedDeadLetters;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Dead letters as bytes: Avro in the single-object encoding, which needs no registry.
 *
 * <p>Reads those of every version: earlier ones with the schemas that were released; later ones as
 * far as this version knows their fields, because fields are only ever appended to the schema.
 */
public final class DeadLetterCodec {

  /** Room for everything that is short, and for the lengths of the rest. */
  private static final int SHORT_FIELDS = 512;

  private static final BinaryMessageEncoder<DeadLetter> ENCODER =
      new BinaryMessageEncoder<>(model(), DeadLetter.getClassSchema());

  /** A decoder is for one thread. It keeps nothing of what it has read. */
  private static final ThreadLocal<Decoder<DeadLetter>> DECODER =
      ThreadLocal.withInitial(
          () -> Decoders.appendOnlyAvro(DeadLetter.class, ReleasedDeadLetters.schemas()));

  private DeadLetterCodec() {}

  /** Returns the bytes of a dead letter. */
  public static byte[] encode(DeadLetter letter) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(expectedSize(letter));
    try {
      ENCODER.encode(letter, out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes whatever is written", e);
    }
    return out.toByteArray();
  }

  /**
   * Returns the dead letter that the bytes hold.
   *
   * @throws IllegalArgumentException if they hold none, or are null; the message says why
   */
  public static DeadLetter decode(byte @Nullable [] bytes) {
    try {
      return DECODER.get().decode(RawRecord.of(Origin.none(), bytes));
    } catch (DecodeException e) {
      throw new IllegalArgumentException("not a dead letter: " + e.getMessage(), e);
    }
  }

  /** An array that is large enough at once is neither copied nor grown once more than it must. */
  private static int expectedSize(DeadLetter letter) {
    long size =
        SHORT_FIELDS
            + length(letter.getPayload())
            + length(letter.getKey())
            + letter.getErrorMessage().length()
            + letter.getErrorStack().length();
    for (RecordHeader header : letter.getHeaders()) {
      size += header.getName().length() + length(header.getValue()) + 8;
    }
    return (int) Math.min(size, Integer.MAX_VALUE - 8);
  }

  private static long length(@Nullable ByteBuffer bytes) {
    return bytes == null ? 0 : bytes.remaining();
  }

  /** Generated code writes a dead letter faster than Avro's reflection upon its schema. */
  private static SpecificData model() {
    SpecificData model = new SpecificData(DeadLetter.class.getClassLoader());
    model.setCustomCoders(true);
    return model;
  }
}
