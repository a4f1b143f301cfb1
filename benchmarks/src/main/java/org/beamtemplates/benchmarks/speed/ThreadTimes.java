package org.beamtemplates.benchmarks.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Processor time of each of Java's threads in a JVM since it began, told to whoever started the
 * JVM: in a file, once a second.
 *
 * @param byName threads of one name are added up
 */
public record ThreadTimes(Map<String, Duration> byName) {

  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  public ThreadTimes {
    byName = Map.copyOf(byName);
  }

  /** Returns what each thread has used since then; those that have ended are left out. */
  public ThreadTimes since(ThreadTimes earlier) {
    Map<String, Duration> used = new HashMap<>();
    byName.forEach(
        (name, time) ->
            used.put(name, time.minus(earlier.byName.getOrDefault(name, Duration.ZERO))));
    return new ThreadTimes(used);
  }

  /** Tells the times of this JVM from now on, as long as it lives. */
  static void tell(Path file) {
    Thread teller = new Thread(() -> tellForEver(file), "thread-times");
    teller.setDaemon(true);
    teller.start();
  }

  private static void tellForEver(Path file) {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    while (true) {
      try {
        Files.writeString(draft, now().toString());
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot tell the threads' times", e);
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  static ThreadTimes now() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Duration> times = new HashMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      long nanos = thread == null ? -1 : threads.getThreadCpuTime(thread.getThreadId());
      if (nanos >= 0) {
        times.merge(thread.getThreadName(), Duration.ofNanos(nanos), Duration::plus);
      }
    }
    return new ThreadTimes(times);
  }

  /** Returns what was told last; nothing if that has not begun. */
  static ThreadTimes read(Path file) {
    try {
      return Files.exists(file) ? parse(Files.readString(file)) : new ThreadTimes(Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  static ThreadTimes parse(String text) {
    return new ThreadTimes(
        text.lines()
            .map(line -> line.split(" ", 2))
            .collect(
                Collectors.toMap(
                    parts -> parts[1],
                    parts -> Duration.ofNanos(Long.parseLong(parts[0])),
                    Duration::plus)));
  }

  /** Returns a line for each thread: nanoseconds, a space, the name. */
  @Override
  public String toString() {
    return byName.entrySet().stream()
        .map(
            entry ->
                entry.getValue().toNanos() + " " + entry.getKey().lines().findFirst().orElse(""))
        .collect(Collectors.joining("\n"));
  }
}
