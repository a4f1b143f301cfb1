package org.beamtemplates.transforms.launch;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them in options: {@code 250ms}, {@code 30s}, {@code 5m}, {@code
 * 1h}, {@code 1d}, several of them together ({@code 1h30m}), or ISO-8601 ({@code PT1M}). A number
 * without a unit is refused: nobody should have to guess whether it means seconds.
 */
public final class Durations {

  private static final Pattern DURATION = Pattern.compile("(?:\\d+(?:ms|s|m|h|d))+");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");
  private static final String HOW = "write it like 250ms, 30s, 5m, 1h, 1d or PT1M";

  private Durations() {}

  /**
   * Returns the duration that the text stands for; never negative.
   *
   * @throws IllegalArgumentException if it is no duration; the message says how to write one
   */
  public static Duration parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.toUpperCase(Locale.ROOT).startsWith("P")) {
        return notNegative(Duration.parse(trimmed));
      }
      if (DURATION.matcher(trimmed).matches()) {
        return sumOfParts(trimmed);
      }
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("is not a duration; " + HOW, e);
    }
    if (!trimmed.isEmpty() && trimmed.chars().allMatch(Character::isDigit)) {
      throw new IllegalArgumentException("has no unit; " + HOW);
    }
    throw new IllegalArgumentException("is not a duration; " + HOW);
  }

  /** Returns the duration as {@link #parse} reads it, in the largest units that fit: 1h30m. */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDaysPart(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount != 0) {
      text.append(amount).append(unit);
    }
  }

  private static Duration sumOfParts(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum = sum.plus(durationOf(Long.parseLong(part.group(1)), part.group(2)));
    }
    return sum;
  }

  private static Duration durationOf(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Duration notNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("is negative; " + HOW);
    }
    return duration;
  }
}
