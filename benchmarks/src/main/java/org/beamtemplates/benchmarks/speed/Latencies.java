package org.beamtemplates.benchmarks.speed;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How long results take, under full load: from the reading of the first payment that a result has
 * to wait for until the result is out. For a window or a session that is the payment which moves
 * the watermark past its end; for the others, the first payment of their own time or later, so that
 * the disorder of the payments is in it, some 20 ms at a million payments a second.
 *
 * <p>Of the whole JVM, for payments that one reader reads, in steps of {@value #STEP_MILLIS} ms of
 * event time; one result in {@value #EVERY}. Only of the records from 30 % on.
 */
public final class Latencies {

  private static final int STEP_MILLIS = 10;
  private static final int EVERY = 16;
  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 3;
  private static final double STEADY_FROM = 0.3;
  private static final double STEADY_TO = 0.95;

  private static volatile @Nullable Latencies instance;

  private final long waitMillis;
  private final long fromStep;

  /** When a payment of a step's time or later was read first, in ns; 0 if none was. */
  private final AtomicLongArray readAt;

  private final Histogram micros = new ConcurrentHistogram(HIGHEST_MICROS, DIGITS);
  private int lastStep = -1;
  // Races between sinks make it no worse a choice.
  private int found;

  private Latencies(long waitMillis, int steps) {
    this.waitMillis = waitMillis;
    this.fromStep = (long) (steps * STEADY_FROM);
    this.readAt = new AtomicLongArray((int) (steps * STEADY_TO));
  }

  /**
   * What was seen.
   *
   * @param median half of the results took no longer
   * @param most 99 of 100 took no longer
   * @param count of results that were looked at
   */
  public record Seen(Duration median, Duration most, long count) {

    public static final Seen NOTHING = new Seen(Duration.ZERO, Duration.ZERO, 0);

    static Seen parse(String line) {
      String[] numbers = line.split(" ", -1);
      return new Seen(
          Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(numbers[0]))),
          Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(numbers[1]))),
          Long.parseLong(numbers[2]));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d %d %d",
          TimeUnit.NANOSECONDS.toMicros(median.toNanos()),
          TimeUnit.NANOSECONDS.toMicros(most.toNanos()),
          count);
    }
  }

  /** Looks at the results of a job from now on, if one reader reads all of its payments. */
  static void begin(Job job) {
    if (job.source() == Job.Source.MEMORY) {
      instance =
          new Latencies(
              job.workload().waitFor().toMillis(),
              Math.toIntExact(PaymentData.millisOf(job.records()) / STEP_MILLIS));
    }
  }

  /** Returns what was seen so far. */
  static Seen seen() {
    Latencies latencies = instance;
    if (latencies == null || latencies.micros.getTotalCount() == 0) {
      return Seen.NOTHING;
    }
    Histogram micros = latencies.micros.copy();
    return new Seen(
        Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros.getValueAtPercentile(50))),
        Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros.getValueAtPercentile(99))),
        micros.getTotalCount());
  }

  /** Takes note of a payment that was read. */
  static void read(long eventMillis) {
    Latencies latencies = instance;
    if (latencies != null) {
      latencies.note(eventMillis);
    }
  }

  private void note(long eventMillis) {
    int step = stepOf(eventMillis);
    if (step > lastStep) {
      long now = System.nanoTime();
      for (int i = lastStep + 1; i <= step && i < readAt.length(); i++) {
        readAt.setOpaque(i, now);
      }
      lastStep = step;
    }
  }

  /**
   * Takes note of a result that is handed out.
   *
   * @param resultMillis begin of its window, time of its last payment, or of its only one
   */
  public static void found(long resultMillis) {
    Latencies latencies = instance;
    if (latencies != null && latencies.found++ % EVERY == 0) {
      latencies.look(resultMillis);
    }
  }

  private void look(long resultMillis) {
    int step = stepOf(resultMillis + waitMillis);
    if (step >= fromStep && step < readAt.length() && readAt.getOpaque(step) != 0) {
      long nanos = System.nanoTime() - readAt.getOpaque(step);
      micros.recordValue(Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }
  }

  private static int stepOf(long eventMillis) {
    return (int) ((eventMillis - PaymentData.FIRST_MILLIS) / STEP_MILLIS);
  }
}
