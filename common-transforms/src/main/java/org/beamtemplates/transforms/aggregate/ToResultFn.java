package org.beamtemplates.transforms.aggregate;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;

/** Writes window and pane into the result, where every store can see them; drops empty panes. */
final class ToResultFn<K, R> extends DoFn<KV<K, KV<Long, R>>, WindowResult<K, R>> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(
      @Element KV<K, KV<Long, R>> combined,
      BoundedWindow window,
      PaneInfo pane,
      OutputReceiver<WindowResult<K, R>> output) {
    long elements = combined.getValue().getKey();
    if (elements == 0) {
      return;
    }
    output.output(
        Results.pane(
            combined.getKey(),
            combined.getValue().getValue(),
            window,
            timing(pane),
            Math.max(pane.getIndex(), 0),
            pane.isLast()));
  }

  private static Timing timing(PaneInfo pane) {
    return switch (pane.getTiming()) {
      case EARLY -> Timing.EARLY;
      case LATE -> Timing.LATE;
      // Batch execution fires once and does not say when.
      case ON_TIME, UNKNOWN -> Timing.ON_TIME;
    };
  }
}
