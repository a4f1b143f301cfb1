package org.beamtemplates.transforms.deadletter;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Keeps envelopes within what a sink takes. What is left out goes in the order in which it is
 * missed least: the payload if there is a file for it, the stack, key and headers, and at last the
 * ends of texts.
 *
 * @param overflow where payloads go
 */
record EnvelopeLimit(PayloadOverflow overflow) implements Serializable {

  private static final int SHORT_TEXT = 100;
  private static final int FEW = 10;

  /**
   * Returns the envelope, encoded in {@code maxBytes} at most, which are 5000 at least.
   *
   * @throws IOException if the payload's file cannot be written now
   */
  byte[] fit(DeadLetter letter, int maxBytes, Function<DeadLetter, byte[]> encoder)
      throws IOException {
    byte[] whole = encoder.apply(letter);
    if (whole.length <= maxBytes) {
      return whole;
    }
    DeadLetter copy = overflow.withoutPayload(letter);
    byte[] encoded = encoder.apply(copy);
    if (encoded.length > maxBytes) {
      copy.setErrorStack("");
      encoded = encoder.apply(copy);
    }
    if (encoded.length > maxBytes) {
      // Key or headers alone are too large: they go, and the envelope says that it is not complete.
      copy.setKey(null);
      copy.setHeaders(List.of());
      copy.setReplayable(false);
      encoded = encoder.apply(copy);
    }
    if (encoded.length > maxBytes) {
      shortenTexts(copy);
      encoded = encoder.apply(copy);
    }
    return encoded;
  }

  /** All but the id, and the reference, which would lead nowhere. */
  private static void shortenTexts(DeadLetter copy) {
    for (Schema.Field field : copy.getSchema().getFields()) {
      boolean whole = field.name().equals("id") || field.name().equals("payloadReference");
      if (!whole && copy.get(field.pos()) instanceof String text) {
        copy.put(field.pos(), ErrorText.cap(text, SHORT_TEXT));
      }
    }
    copy.setRedacted(
        copy.getRedacted().stream()
            .limit(FEW)
            .map(path -> ErrorText.cap(path, SHORT_TEXT))
            .toList());
  }
}
