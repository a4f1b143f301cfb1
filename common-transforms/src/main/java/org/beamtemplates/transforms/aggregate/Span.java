package org.beamtemplates.transforms.aggregate;

import java.util.List;

/** A part of event time, in milliseconds since the epoch: from a start to before an end. */
interface Span {

  /** Returns the start, inclusive. */
  long startMillis();

  /** Returns the end, exclusive. */
  long endMillis();

  /**
   * Returns the index of the first span that ends after a time, or the number of spans if none
   * does.
   *
   * @param apart spans in the order of time that do not overlap
   */
  static int firstEndingAfter(List<? extends Span> apart, long millis) {
    int low = 0;
    int high = apart.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (apart.get(middle).endMillis() > millis) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Returns the index after the last span that overlaps one, from the first that ends after its
   * start. Spans that only meet, one ending where the other begins, do not overlap: as Beam has it.
   */
  static int lastOverlapping(List<? extends Span> apart, int first, long endMillis) {
    int next = first;
    while (next < apart.size() && apart.get(next).startMillis() < endMillis) {
      next++;
    }
    return next;
  }
}
