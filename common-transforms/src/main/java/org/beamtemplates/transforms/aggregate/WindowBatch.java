package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;

/**
 * What a bundle had for the keys of one bucket in one window.
 *
 * @param window the window, which a batch is put into whatever its timestamp
 * @param keys each key once
 */
record WindowBatch<K, AccumT>(BoundedWindow window, List<KV<K, Counted<AccumT>>> keys) {

  WindowBatch {
    requireNonNull(window, "window");
    requireNonNull(keys, "keys");
  }

  static <K, AccumT> Coder<WindowBatch<K, AccumT>> coder(
      Coder<BoundedWindow> windowCoder, Coder<K> keyCoder, Coder<Counted<AccumT>> countedCoder) {
    return new BatchCoder<>(windowCoder, ListCoder.of(KvCoder.of(keyCoder, countedCoder)));
  }

  private static final class BatchCoder<K, AccumT> extends StructuredCoder<WindowBatch<K, AccumT>> {

    private static final long serialVersionUID = 1L;

    private final Coder<BoundedWindow> windowCoder;
    private final Coder<List<KV<K, Counted<AccumT>>>> keysCoder;

    BatchCoder(Coder<BoundedWindow> windowCoder, Coder<List<KV<K, Counted<AccumT>>>> keysCoder) {
      this.windowCoder = windowCoder;
      this.keysCoder = keysCoder;
    }

    @Override
    public void encode(WindowBatch<K, AccumT> batch, OutputStream out) throws IOException {
      windowCoder.encode(batch.window(), out);
      keysCoder.encode(batch.keys(), out);
    }

    @Override
    public WindowBatch<K, AccumT> decode(InputStream in) throws IOException {
      return new WindowBatch<>(windowCoder.decode(in), keysCoder.decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(windowCoder, keysCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the window's coder must be deterministic", windowCoder);
      verifyDeterministic(this, "the coder of the keys must be deterministic", keysCoder);
    }
  }
}
