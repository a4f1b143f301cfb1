package org.beamtemplates.pipelines.realtimeanalytics.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Rows of the table as the lines of JSON that the template writes to files. */
final class StatisticsJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatisticsJson() {}

  /** Returns a line for each result of a complete window. */
  static List<String> finalResults(Connection connection, String table) throws SQLException {
    String sql =
        "select * from "
            + table
            + " where timing <> 'EARLY' order by window_start, category, country";
    List<String> lines = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        lines.add(line(row));
      }
    }
    return lines;
  }

  /** Returns the key of a result and its events. */
  static String expected(String result, long events, Duration windowSize) {
    int first = result.indexOf(' ');
    int last = result.lastIndexOf(' ');
    long start = Instant.parse(result.substring(0, first)).toEpochMilli();
    return key(
            start,
            start + windowSize.toMillis(),
            result.substring(first + 1, last),
            result.substring(last + 1))
        .put("events", events)
        .toString();
  }

  private static String line(ResultSet row) throws SQLException {
    try {
      ObjectNode line =
          key(
              millis(row, "window_start"),
              millis(row, "window_end"),
              row.getString("category"),
              row.getString("country"));
      line.put("events", row.getLong("events"))
          .put("distinctUsers", row.getLong("distinct_users"))
          .put("loadTimeP50Ms", row.getLong("load_time_p50_ms"))
          .put("loadTimeP95Ms", row.getLong("load_time_p95_ms"))
          .put("loadTimeP99Ms", row.getLong("load_time_p99_ms"));
      line.set("revenueMinor", MAPPER.readTree(row.getString("revenue_minor")));
      line.set("topPages", MAPPER.readTree(row.getString("top_pages")));
      return line.put("timing", row.getString("timing"))
          .put("revision", row.getLong("revision"))
          .toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("No JSON in a column of JSON", e);
    }
  }

  private static ObjectNode key(long startMs, long endMs, String category, String country) {
    return MAPPER
        .createObjectNode()
        .put("windowStartMs", startMs)
        .put("windowEndMs", endMs)
        .put("category", category)
        .put("country", country);
  }

  private static long millis(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant().toEpochMilli();
  }
}
