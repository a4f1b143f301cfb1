package org.beamtemplates.runners.flink.exactness;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.beamtemplates.runners.flink.exactness.Model.Cell;
import org.beamtemplates.runners.flink.exactness.Windowing.Span;
import org.beamtemplates.transforms.aggregate.WindowResult;

/** What panes say in the end, of each key and window. */
final class FinalPanes {

  private FinalPanes() {}

  /**
   * Returns the pane that came last.
   *
   * @param panes in the order in which they came, those before a failure included
   */
  static Map<Cell, String> lastOf(List<WindowResult<String, String>> panes) {
    Map<Cell, String> finals = new TreeMap<>();
    panes.forEach(pane -> finals.put(cellOf(pane), pane.value()));
    return finals;
  }

  /** Returns the pane with the highest revision; of several, the one that came last. */
  static Map<Cell, String> highestOf(List<WindowResult<String, String>> panes) {
    Map<Cell, WindowResult<String, String>> highest = new TreeMap<>();
    for (WindowResult<String, String> pane : panes) {
      highest.merge(
          cellOf(pane), pane, (one, other) -> other.revision() >= one.revision() ? other : one);
    }
    Map<Cell, String> finals = new TreeMap<>();
    highest.forEach((cell, pane) -> finals.put(cell, pane.value()));
    return finals;
  }

  /** Returns key and window of a pane. */
  static Cell cellOf(WindowResult<String, String> pane) {
    return new Cell(pane.key(), new Span(pane.windowStartMillis(), pane.windowEndMillis()));
  }
}
