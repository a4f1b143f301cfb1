package org.beamtemplates.transforms.aggregate;

import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.NonMergingWindowFn;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.transforms.windowing.WindowMappingFn;
import org.apache.beam.sdk.values.KV;

/**
 * Puts a batch into the window that it is for. Its timestamp cannot say it: with sliding windows it
 * is in several.
 */
final class WindowOfBatchFn<K, AccumT>
    extends NonMergingWindowFn<KV<Integer, WindowBatch<K, AccumT>>, BoundedWindow> {

  private static final long serialVersionUID = 1L;

  private final Coder<BoundedWindow> windowCoder;

  WindowOfBatchFn(Coder<BoundedWindow> windowCoder) {
    this.windowCoder = windowCoder;
  }

  @Override
  public Collection<BoundedWindow> assignWindows(AssignContext context) {
    return List.of(context.element().getValue().window());
  }

  @Override
  public boolean isCompatible(WindowFn<?, ?> other) {
    return other instanceof WindowOfBatchFn<?, ?> same && same.windowCoder.equals(windowCoder);
  }

  @Override
  public Coder<BoundedWindow> windowCoder() {
    return windowCoder;
  }

  @Override
  public boolean assignsToOneWindow() {
    return true;
  }

  @Override
  public WindowMappingFn<BoundedWindow> getDefaultWindowMappingFn() {
    throw new UnsupportedOperationException("batches have no side inputs");
  }
}
