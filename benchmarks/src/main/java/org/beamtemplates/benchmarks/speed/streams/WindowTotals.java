package org.beamtemplates.benchmarks.speed.streams;

import org.apache.kafka.common.serialization.Serde;

/** The aggregate of W1, W2 and W5. */
record WindowTotals(long sum, long count, long max) {

  static final WindowTotals NONE = new WindowTotals(0, 0, Long.MIN_VALUE);

  static final Serde<WindowTotals> SERDE =
      LongsSerde.of(
          3,
          (totals, bytes) -> bytes.putLong(totals.sum).putLong(totals.count).putLong(totals.max),
          bytes -> new WindowTotals(bytes.getLong(), bytes.getLong(), bytes.getLong()));

  WindowTotals with(long cents) {
    return new WindowTotals(sum + cents, count + 1, Math.max(max, cents));
  }
}
