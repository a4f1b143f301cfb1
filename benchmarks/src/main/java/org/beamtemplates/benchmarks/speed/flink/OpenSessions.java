package org.beamtemplates.benchmarks.speed.flink;

import java.util.Arrays;
import org.beamtemplates.benchmarks.speed.Workload;

/** Sessions of a card, by time, mostly one: a POJO, changed in place. */
public final class OpenSessions {

  private static final long GAP = Workload.SESSION_GAP.toMillis();
  private static final int FIELDS = 4;

  /** When the next timer is due, which no session ends before. */
  public long timer = Long.MAX_VALUE;

  public int size;

  /** First and last time, sum and count of each. */
  public long[] fields = new long[FIELDS];

  long first(int i) {
    return fields[i * FIELDS];
  }

  long last(int i) {
    return fields[i * FIELDS + 1];
  }

  long sum(int i) {
    return fields[i * FIELDS + 2];
  }

  long count(int i) {
    return fields[i * FIELDS + 3];
  }

  /** Returns the last millisecond that a payment may be in a session at. */
  long end(int i) {
    return last(i) + GAP - 1;
  }

  /** Adds a part of a session, and makes one of all that it is near. */
  void add(long partFirst, long partLast, long partSum, long partCount) {
    long first = partFirst;
    long last = partLast;
    long sum = partSum;
    long count = partCount;
    int from = 0;
    while (from < size && end(from) < first) {
      from++;
    }
    int to = from;
    while (to < size && first(to) - last < GAP) {
      first = Math.min(first, first(to));
      last = Math.max(last, last(to));
      sum += sum(to);
      count += count(to);
      to++;
    }
    replace(from, to);
    int place = from * FIELDS;
    fields[place] = first;
    fields[place + 1] = last;
    fields[place + 2] = sum;
    fields[place + 3] = count;
  }

  /** Makes one place of those in a range: a new one if it is empty. */
  private void replace(int from, int to) {
    if (to == from + 1) {
      return;
    }
    int newSize = size - (to - from) + 1;
    if (newSize * FIELDS > fields.length) {
      fields = Arrays.copyOf(fields, newSize * FIELDS);
    }
    System.arraycopy(fields, to * FIELDS, fields, (from + 1) * FIELDS, (size - to) * FIELDS);
    size = newSize;
  }

  /** Forgets the first sessions. */
  void remove(int count) {
    System.arraycopy(fields, count * FIELDS, fields, 0, (size - count) * FIELDS);
    size -= count;
  }
}
