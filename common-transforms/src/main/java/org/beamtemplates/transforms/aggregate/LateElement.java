package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.beamtemplates.transforms.record.Ingested;

/**
 * An element that came after one of its windows was closed for good. An element that is too late
 * for several windows is given back once for each.
 *
 * @param element the element
 * @param eventTimeMillis its event time, in milliseconds since the epoch
 * @param window the window that is closed
 * @param <T> type of the element's value
 */
public record LateElement<T>(Ingested<T> element, long eventTimeMillis, BoundedWindow window) {

  public LateElement {
    requireNonNull(element, "element");
    requireNonNull(window, "window");
  }

  static <T> Coder<LateElement<T>> coder(
      Coder<Ingested<T>> elementCoder, Coder<BoundedWindow> windowCoder) {
    return new LateCoder<>(elementCoder, windowCoder);
  }

  private static final class LateCoder<T> extends StructuredCoder<LateElement<T>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    private final Coder<Ingested<T>> elementCoder;
    private final Coder<BoundedWindow> windowCoder;

    LateCoder(Coder<Ingested<T>> elementCoder, Coder<BoundedWindow> windowCoder) {
      this.elementCoder = elementCoder;
      this.windowCoder = windowCoder;
    }

    @Override
    public void encode(LateElement<T> late, OutputStream out) throws IOException {
      elementCoder.encode(late.element(), out);
      MILLIS.encode(late.eventTimeMillis(), out);
      windowCoder.encode(late.window(), out);
    }

    @Override
    public LateElement<T> decode(InputStream in) throws IOException {
      return new LateElement<>(elementCoder.decode(in), MILLIS.decode(in), windowCoder.decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(elementCoder, windowCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the element's coder must be deterministic", elementCoder);
    }
  }
}
