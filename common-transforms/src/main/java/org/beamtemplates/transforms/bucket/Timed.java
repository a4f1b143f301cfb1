package org.beamtemplates.transforms.bucket;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/**
 * An element and its event time, for steps that send several elements as one.
 *
 * @param element the element
 * @param millis its event time, in milliseconds since the epoch
 * @param <T> type of the element
 */
public record Timed<T>(T element, long millis) {

  public Timed {
    requireNonNull(element, "element");
  }

  /** Returns the coder of timed elements: 8 bytes before the element. */
  public static <T> Coder<Timed<T>> coder(Coder<T> elementCoder) {
    return new TimedCoder<>(elementCoder);
  }

  private static final class TimedCoder<T> extends StructuredCoder<Timed<T>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    private final Coder<T> elementCoder;

    TimedCoder(Coder<T> elementCoder) {
      this.elementCoder = elementCoder;
    }

    @Override
    public void encode(Timed<T> timed, OutputStream out) throws IOException {
      MILLIS.encode(timed.millis(), out);
      elementCoder.encode(timed.element(), out);
    }

    @Override
    public Timed<T> decode(InputStream in) throws IOException {
      long millis = MILLIS.decode(in);
      return new Timed<>(elementCoder.decode(in), millis);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(elementCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the element's coder must be deterministic", elementCoder);
    }

    @Override
    public boolean consistentWithEquals() {
      return elementCoder.consistentWithEquals();
    }

    @Override
    public Object structuralValue(Timed<T> timed) {
      return new Timed<>(elementCoder.structuralValue(timed.element()), timed.millis());
    }
  }
}
