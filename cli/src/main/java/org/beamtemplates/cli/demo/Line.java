package org.beamtemplates.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** A line of the screen, put together from pieces of text that are painted each in its way. */
final class Line {

  private record Piece(Paint paint, String text) {}

  private final List<Piece> pieces = new ArrayList<>();

  static Line of(Paint paint, String text) {
    return new Line().add(paint, text);
  }

  static Line empty() {
    return new Line();
  }

  Line add(Paint paint, String text) {
    pieces.add(new Piece(paint, text));
    return this;
  }

  Line add(String text) {
    return add(Paint.PLAIN, text);
  }

  Line add(Line other) {
    pieces.addAll(other.pieces);
    return this;
  }

  /** Returns how many columns the line takes. */
  int length() {
    return pieces.stream().mapToInt(piece -> piece.text().length()).sum();
  }

  /** Returns the line for a terminal, cut to a width. */
  String show(int width, boolean colours) {
    StringBuilder shown = new StringBuilder();
    int left = width;
    for (Piece piece : pieces) {
      String text = piece.text();
      String cut = text.length() <= left ? text : text.substring(0, left);
      shown.append(colours ? piece.paint().on(cut) : cut);
      left -= cut.length();
    }
    return colours ? shown.toString() : shown.toString().stripTrailing();
  }
}
