package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.beamtemplates.transforms.record.Ingested;

/**
 * An element that a {@link WindowJoin} gives back, once for each window in which it was not joined.
 *
 * @param element the element
 * @param eventTimeMillis its event time, in milliseconds since the epoch
 * @param window the window
 * @param reason why it was not joined there
 * @param <T> type of the element's value
 */
public record Unjoined<T>(
    Ingested<T> element, long eventTimeMillis, BoundedWindow window, Reason reason) {

  /** Why an element was not joined. */
  public enum Reason {
    /** No partner came until the window was closed for good. */
    UNMATCHED(0),
    /** It came after the window was closed for good. */
    LATE(1),
    /** Its key had as many elements of its side in the window as are kept. */
    SURPLUS(2);

    // Part of the encoding: never change one.
    private final int code;

    Reason(int code) {
      this.code = code;
    }

    private static Reason ofCode(int code) throws CoderException {
      return switch (code) {
        case 0 -> UNMATCHED;
        case 1 -> LATE;
        case 2 -> SURPLUS;
        default -> throw new CoderException("no reason has the code " + code);
      };
    }
  }

  public Unjoined {
    requireNonNull(element, "element");
    requireNonNull(window, "window");
    requireNonNull(reason, "reason");
  }

  static <T> Coder<Unjoined<T>> coder(
      Coder<Ingested<T>> elementCoder, Coder<BoundedWindow> windowCoder) {
    return new UnjoinedCoder<>(elementCoder, windowCoder);
  }

  private static final class UnjoinedCoder<T> extends StructuredCoder<Unjoined<T>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    private final Coder<Ingested<T>> elementCoder;
    private final Coder<BoundedWindow> windowCoder;

    UnjoinedCoder(Coder<Ingested<T>> elementCoder, Coder<BoundedWindow> windowCoder) {
      this.elementCoder = elementCoder;
      this.windowCoder = windowCoder;
    }

    @Override
    public void encode(Unjoined<T> unjoined, OutputStream out) throws IOException {
      out.write(unjoined.reason().code);
      MILLIS.encode(unjoined.eventTimeMillis(), out);
      windowCoder.encode(unjoined.window(), out);
      elementCoder.encode(unjoined.element(), out);
    }

    @Override
    public Unjoined<T> decode(InputStream in) throws IOException {
      Reason reason = Reason.ofCode(in.read());
      long eventTimeMillis = MILLIS.decode(in);
      BoundedWindow window = windowCoder.decode(in);
      return new Unjoined<>(elementCoder.decode(in), eventTimeMillis, window, reason);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(elementCoder, windowCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(
          this, "the element's and the window's coder must be deterministic", elementCoder,
          windowCoder);
    }

    @Override
    public boolean consistentWithEquals() {
      return elementCoder.consistentWithEquals() && windowCoder.consistentWithEquals();
    }

    @Override
    public Object structuralValue(Unjoined<T> unjoined) {
      return List.of(
          elementCoder.structuralValue(unjoined.element()),
          unjoined.eventTimeMillis(),
          windowCoder.structuralValue(unjoined.window()),
          unjoined.reason());
    }
  }
}
