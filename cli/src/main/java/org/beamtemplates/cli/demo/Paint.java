package org.beamtemplates.cli.demo;

/** How a piece of text looks on a terminal with colours. */
enum Paint {
  PLAIN(""),
  QUIET("2"),
  STRONG("1"),
  GOOD("32"),
  WARN("33"),
  BAD("31"),
  FRAME("36");

  private static final char ESCAPE = 27;

  private final String code;

  Paint(String code) {
    this.code = code;
  }

  /** Returns the text so that a terminal shows it this way. */
  String on(String text) {
    return code.isEmpty() || text.isBlank()
        ? text
        : ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m";
  }
}
