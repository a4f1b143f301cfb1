package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {

  private Numbers() {}

  /** Returns 1,234,567. */
  static String of(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns 4:07, or 1:02:03 from an hour on. */
  static String clock(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  /** Returns a length of time in its largest unit: 250 ms, 42 s, 12 min, 3 h. */
  static String about(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 100_000) {
      return millis / 1_000 + " s";
    }
    return millis < 6_000_000 ? millis / 60_000 + " min" : millis / 3_600_000 + " h";
  }

  /** Returns bytes in MB or GB. */
  static String bytes(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%d MB", (bytes + 999_999) / 1_000_000)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
