package org.beamtemplates.benchmarks.speed.flink;

import org.beamtemplates.benchmarks.speed.CardHistory;

/** The state of W6, changed in place: a POJO. */
public final class History {

  public long average;
  public long count;
  public long[] cents = new long[CardHistory.LAST];
  public long[] times = new long[CardHistory.LAST];

  void add(long newCents, long newTime) {
    int place = (int) (count % CardHistory.LAST);
    cents[place] = newCents;
    times[place] = newTime;
    average = CardHistory.nextAverage(average, count, newCents);
    count++;
  }
}
