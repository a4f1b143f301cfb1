package org.beamtemplates.benchmarks.analytics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How many records this JVM has read, told to whoever started it: in a file, 20 times a second. */
public final class ReadCount {

  private static final List<Counter> COUNTERS = new CopyOnWriteArrayList<>();
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private ReadCount() {}

  /** Counts in one thread; any thread may look. */
  static final class Counter {

    private final AtomicLong records = new AtomicLong();

    private Counter() {}

    void read() {
      // One thread writes: no need of the bus lock that an increment takes.
      records.setOpaque(records.getPlain() + 1);
    }
  }

  static Counter newCounter() {
    Counter counter = new Counter();
    COUNTERS.add(counter);
    return counter;
  }

  /** Returns what another JVM has told; 0 if nothing yet. */
  public static long told(Path file) {
    try {
      return Files.exists(file) ? Long.parseLong(Files.readString(file)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** Tells the count from now on, as long as this JVM lives. */
  static void tell(Path file) {
    Thread teller = new Thread(() -> tellForEver(file), "read-count");
    teller.setDaemon(true);
    teller.start();
  }

  private static void tellForEver(Path file) {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    while (true) {
      long read = COUNTERS.stream().mapToLong(counter -> counter.records.getOpaque()).sum();
      try {
        Files.writeString(draft, Long.toString(read));
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot tell what was read", e);
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }
}
