package org.beamtemplates.transforms.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** How to look at a template's results in the store. */
public interface ResultTable {

  /** Returns the headings of {@link #newest}. */
  List<String> columns();

  /**
   * Returns the newest results, the newest first, each as wide as {@link #columns()}.
   *
   * @param rows how many at most
   */
  List<List<String>> newest(Connection connection, int rows) throws SQLException;

  /**
   * Returns the events of each result whose window was complete, by the same key as {@link
   * Sent#eventsByResult}. When the job has read everything and all windows have ended, the two are
   * equal.
   */
  Map<String, Long> finalCounts(Connection connection) throws SQLException;

  /** Returns the results of complete windows as the template writes them to files of JSON lines. */
  List<String> finalResults(Connection connection) throws SQLException;

  /**
   * Returns a line of JSON with the key of a result and its events.
   *
   * @param result key of the result, as in {@link Sent#eventsByResult}
   */
  String expected(String result, long events);
}
