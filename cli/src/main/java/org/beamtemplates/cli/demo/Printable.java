package org.beamtemplates.cli.demo;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Bytes and texts of strangers, so that they can be shown on a terminal. */
final class Printable {

  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7e;

  private Printable() {}

  /** Returns the first bytes; what is not ASCII is shown as ‹hex›. */
  static String bytes(ByteBuffer bytes, int most) {
    StringBuilder shown = new StringBuilder();
    ByteBuffer left = bytes.duplicate();
    int shownBytes = 0;
    boolean inHex = false;
    for (; left.hasRemaining() && shownBytes < most; shownBytes++) {
      int b = left.get() & 0xff;
      boolean hex = b < FIRST_PRINTABLE || b > LAST_PRINTABLE;
      if (hex != inHex) {
        shown.append(hex ? '‹' : '›');
      }
      shown.append(hex ? String.format(Locale.ROOT, "%02x", b) : String.valueOf((char) b));
      inHex = hex;
    }
    return shown.append(inHex ? "›" : "").append(left.hasRemaining() ? "…" : "").toString();
  }

  /** Returns the text in one line, without control characters. */
  static String text(CharSequence text) {
    return text.toString().replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
