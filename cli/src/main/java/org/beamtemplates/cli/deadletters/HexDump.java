package org.beamtemplates.cli.deadletters;

import java.util.HexFormat;

/** Bytes as offset, hex and ASCII, 16 a line. */
final class HexDump {

  private static final int WIDTH = 16;
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7e;
  private static final HexFormat HEX = HexFormat.of();

  private HexDump() {}

  /** Returns the first bytes, and how many are left out. */
  static String of(byte[] bytes, int most) {
    int shown = Math.min(bytes.length, most);
    StringBuilder dump = new StringBuilder();
    for (int offset = 0; offset < shown; offset += WIDTH) {
      line(dump, bytes, offset, Math.min(shown, offset + WIDTH));
    }
    if (shown < bytes.length) {
      dump.append("… ").append(bytes.length - shown).append(" more bytes (--full shows all)\n");
    }
    return dump.toString();
  }

  private static void line(StringBuilder dump, byte[] bytes, int from, int to) {
    dump.append(HEX.toHexDigits(from)).append("  ");
    for (int index = from; index < from + WIDTH; index++) {
      dump.append(index < to ? HEX.toHexDigits(bytes[index]) : "  ").append(' ');
      if (index == from + WIDTH / 2 - 1) {
        dump.append(' ');
      }
    }
    dump.append(" |");
    for (int index = from; index < to; index++) {
      boolean printable = bytes[index] >= FIRST_PRINTABLE && bytes[index] <= LAST_PRINTABLE;
      dump.append(printable ? (char) bytes[index] : '.');
    }
    dump.append("|\n");
  }
}
