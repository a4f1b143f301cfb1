package org.beamtemplates.benchmarks.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What an engine has read and found so far, in the whole JVM, and told to whoever started it: in a
 * file, 20 times a second.
 */
public final class Tally {

  private static final List<Counter> COUNTERS = new CopyOnWriteArrayList<>();
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Tally() {}

  /** Returns a counter of one thread, which counts from now on. */
  public static Counter newCounter() {
    Counter counter = new Counter();
    COUNTERS.add(counter);
    return counter;
  }

  /**
   * What was counted.
   *
   * @param records read, end marks not included
   * @param results found
   * @param checksum sum of the {@link Checksum}s of all results
   */
  public record Count(long records, long results, long checksum) {

    static Count now() {
      return COUNTERS.stream().map(Counter::count).reduce(new Count(0, 0, 0), Count::plus);
    }

    private Count plus(Count other) {
      return new Count(records + other.records, results + other.results, checksum + other.checksum);
    }

    static Count parse(String line) {
      String[] numbers = line.split(" ", -1);
      return new Count(
          Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    @Override
    public String toString() {
      return records + " " + results + " " + checksum;
    }
  }

  /** Counts in one thread; any thread may look. */
  public static final class Counter {

    private static final VarHandle RECORDS;
    private static final VarHandle RESULTS;
    private static final VarHandle CHECKSUM;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        RECORDS = lookup.findVarHandle(Counter.class, "records", long.class);
        RESULTS = lookup.findVarHandle(Counter.class, "results", long.class);
        CHECKSUM = lookup.findVarHandle(Counter.class, "checksum", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private long records;
    private long results;
    private long checksum;

    Counter() {}

    Count count() {
      return new Count(
          (long) RECORDS.getOpaque(this),
          (long) RESULTS.getOpaque(this),
          (long) CHECKSUM.getOpaque(this));
    }

    /** Counts a payment that was decoded, if it is not an end mark. */
    public void read(Payment payment) {
      if (!PaymentData.isEnd(payment.getCard())) {
        RECORDS.setOpaque(this, records + 1);
        Latencies.read(payment.getTime());
      }
    }

    /** Counts a result, of a card that is not that of an end mark. */
    public void found(long resultChecksum) {
      RESULTS.setOpaque(this, results + 1);
      CHECKSUM.setOpaque(this, checksum + resultChecksum);
    }
  }

  /** Tells the counts of this JVM in a file from now on, as long as it lives. */
  static void tell(Path file) {
    Thread teller = new Thread(() -> tellForEver(file), "tally");
    teller.setDaemon(true);
    teller.start();
  }

  private static void tellForEver(Path file) {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    while (true) {
      try {
        Files.writeString(draft, Count.now() + "\n" + Latencies.seen());
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot tell what was counted", e);
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }
}
