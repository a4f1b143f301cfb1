package org.beamtemplates.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time of a JVM, less that of its compiler's threads: what a job costs once all is
 * compiled.
 *
 * <p>The compilers' time is read from {@code /proc}, so it is left out on Linux only: see {@link
 * #leavesOutCompilers()}.
 */
public final class ProcessCpu {

  private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

  /** Ticks of the times in /proc: USER_HZ, which Linux shows as 100 on all of Java's platforms. */
  private static final int TICKS_A_SECOND = 100;

  /** Where user and system time are behind the closing parenthesis of a thread's name. */
  private static final int USER_TIME = 11;

  private final Path tasks;

  /** What each compiler's thread had used when it was last seen: they come and go. */
  private final Map<String, Long> compilerTicks = new HashMap<>();

  private final ProcessHandle process;

  /** Looks at a process from now on. */
  public ProcessCpu(ProcessHandle process) {
    this(process, Path.of("/proc", Long.toString(process.pid()), "task"));
  }

  ProcessCpu(ProcessHandle process, Path tasks) {
    this.process = process;
    this.tasks = tasks;
  }

  /** Returns whether compilers' threads can be told from others here. */
  public boolean leavesOutCompilers() {
    return Files.isDirectory(tasks);
  }

  /** Returns the time that was used since the process began; zero if it has ended. */
  public Duration used() {
    Duration all = process.info().totalCpuDuration().orElse(Duration.ZERO);
    Duration used = all.minus(ofCompilers());
    return used.isNegative() ? Duration.ZERO : used;
  }

  private Duration ofCompilers() {
    if (!leavesOutCompilers()) {
      return Duration.ZERO;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        look(thread);
      }
    } catch (NoSuchFileException e) {
      // It has just ended.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + tasks, e);
    }
    long ticks = compilerTicks.values().stream().mapToLong(Long::longValue).sum();
    return Duration.ofMillis(ticks * 1_000 / TICKS_A_SECOND);
  }

  private void look(Path thread) {
    String stat;
    try {
      stat = Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      // A thread that has ended since the folder was listed.
      return;
    }
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    String name = stat.substring(open + 1, close);
    if (COMPILERS.stream().anyMatch(name::startsWith)) {
      String[] fields = stat.substring(close + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
      compilerTicks.put(thread.getFileName().toString(), ticks);
    }
  }
}
