package org.beamtemplates.transforms.aggregate;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.joda.time.Instant;

/**
 * Leaves out elements that are in none of sliding windows with a period longer than their size.
 * They are in no (record, window) assignment, so that there is nothing to account for.
 */
final class LeaveOutGapsFn<E> extends DoFn<E, E> {

  private static final long serialVersionUID = 1L;

  private final long sizeMillis;
  private final long periodMillis;
  private final long offsetMillis;

  LeaveOutGapsFn(SlidingWindows windows) {
    this.sizeMillis = windows.getSize().getMillis();
    this.periodMillis = windows.getPeriod().getMillis();
    this.offsetMillis = windows.getOffset().getMillis();
  }

  @ProcessElement
  public void process(@Element E element, @Timestamp Instant timestamp, OutputReceiver<E> output) {
    if (Math.floorMod(timestamp.getMillis() - offsetMillis, periodMillis) < sizeMillis) {
      output.output(element);
    }
  }
}
