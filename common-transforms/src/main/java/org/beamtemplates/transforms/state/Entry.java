package org.beamtemplates.transforms.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/**
 * What is kept of a key.
 *
 * @param state its state
 * @param lastMillis the latest event time that has led to it, in milliseconds since the epoch
 */
record Entry<S>(S state, long lastMillis) {

  static <S> Coder<Entry<S>> coder(Coder<S> stateCoder) {
    return new EntryCoder<>(stateCoder);
  }

  private static final class EntryCoder<S> extends StructuredCoder<Entry<S>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    private final Coder<S> stateCoder;

    EntryCoder(Coder<S> stateCoder) {
      this.stateCoder = stateCoder;
    }

    @Override
    public void encode(Entry<S> entry, OutputStream out) throws IOException {
      MILLIS.encode(entry.lastMillis(), out);
      stateCoder.encode(entry.state(), out);
    }

    @Override
    public Entry<S> decode(InputStream in) throws IOException {
      long lastMillis = MILLIS.decode(in);
      return new Entry<>(stateCoder.decode(in), lastMillis);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(stateCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the state's coder must be deterministic", stateCoder);
    }
  }
}
