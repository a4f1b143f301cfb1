package org.beamtemplates.cli.doctor;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory and disk. */
final class Bytes {

  static final long MEGABYTE = 1L << 20;
  static final long GIGABYTE = 1L << 30;

  private static final Pattern HEAP = Pattern.compile("(?m)^-Xmx(\\d+)([kKmMgG]?)$");

  private Bytes() {}

  static String text(long bytes) {
    return bytes < GIGABYTE
        ? bytes / MEGABYTE + " MB"
        : String.format(Locale.ROOT, "%.1f GB", (double) bytes / GIGABYTE);
  }

  /** Returns the largest heap that flags of a JVM allow, one flag a line. */
  static OptionalLong heap(String flags) {
    Matcher matcher = HEAP.matcher(flags);
    if (!matcher.find()) {
      return OptionalLong.empty();
    }
    long unit =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 1024;
          case "m" -> MEGABYTE;
          case "g" -> GIGABYTE;
          default -> 1;
        };
    return OptionalLong.of(Long.parseLong(matcher.group(1)) * unit);
  }
}
