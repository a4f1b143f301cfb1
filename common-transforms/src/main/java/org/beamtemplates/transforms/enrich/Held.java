package org.beamtemplates.transforms.enrich;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.beamtemplates.transforms.record.Ingested;

/**
 * An element with its event time, as a join keeps it.
 *
 * @param eventTimeMillis in milliseconds since the epoch
 */
record Held<T>(Ingested<T> element, long eventTimeMillis) {

  static <T> Coder<Held<T>> coder(Coder<Ingested<T>> elementCoder) {
    return new HeldCoder<>(elementCoder);
  }

  private static final class HeldCoder<T> extends StructuredCoder<Held<T>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    private final Coder<Ingested<T>> elementCoder;

    HeldCoder(Coder<Ingested<T>> elementCoder) {
      this.elementCoder = elementCoder;
    }

    @Override
    public void encode(Held<T> held, OutputStream out) throws IOException {
      MILLIS.encode(held.eventTimeMillis(), out);
      elementCoder.encode(held.element(), out);
    }

    @Override
    public Held<T> decode(InputStream in) throws IOException {
      long eventTimeMillis = MILLIS.decode(in);
      return new Held<>(elementCoder.decode(in), eventTimeMillis);
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
    public Object structuralValue(Held<T> held) {
      return List.of(elementCoder.structuralValue(held.element()), held.eventTimeMillis());
    }
  }
}
