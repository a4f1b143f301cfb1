package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The times of a test: minutes and seconds after a start, as {@code 01:05}. */
final class StoryClock {

  /** Starts at the epoch. */
  static final StoryClock EPOCH = new StoryClock(0);

  private static final Pattern TIME =
      Pattern.compile("(-)?(?:(\\d+):)?(\\d+):([0-5]\\d)(?:\\.(\\d{3}))?");

  private final long startMillis;

  private StoryClock(long startMillis) {
    this.startMillis = startMillis;
  }

  /** Starts at a time such as {@code 2026-03-01T12:00:00Z}. */
  static StoryClock startingAt(String start) {
    try {
      return new StoryClock(Instant.parse(requireNonNull(start, "start")).toEpochMilli());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "\"" + start + "\" is no time to start at; write it like 2026-03-01T12:00:00Z", e);
    }
  }

  long startMillis() {
    return startMillis;
  }

  /** Returns a time of the test in milliseconds since the epoch. */
  long millis(String time) {
    Matcher matcher = TIME.matcher(time);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\""
              + time
              + "\" is no time; write minutes and seconds after the start, like 01:05, 01:05.250,"
              + " 1:01:05 or -10:00");
    }
    long hours = matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2));
    long minutes = Long.parseLong(matcher.group(3));
    long millis = matcher.group(5) == null ? 0 : Long.parseLong(matcher.group(5));
    long after = ((hours * 60 + minutes) * 60 + Long.parseLong(matcher.group(4))) * 1_000 + millis;
    return startMillis + (matcher.group(1) == null ? after : -after);
  }

  /** Returns what {@link #millis} reads. */
  String show(long millis) {
    long after = Math.abs(millis - startMillis);
    String text = String.format(Locale.ROOT, "%02d:%02d", after / 60_000 % 60, after / 1_000 % 60);
    if (after >= 3_600_000) {
      text = after / 3_600_000 + ":" + text;
    }
    if (after % 1_000 != 0) {
      text += String.format(Locale.ROOT, ".%03d", after % 1_000);
    }
    return millis < startMillis ? "-" + text : text;
  }
}
