package org.beamtemplates.transforms.codec;

/** Short forms for messages: a message must not repeat a record. */
final class Text {

  private static final int SHOWN = 80;

  private Text() {}

  static String shorten(String text) {
    if (text.length() <= SHOWN) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
    return text.substring(0, end) + "…";
  }
}
