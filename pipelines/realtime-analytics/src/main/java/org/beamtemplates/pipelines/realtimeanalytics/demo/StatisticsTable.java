package org.beamtemplates.pipelines.realtimeanalytics.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.beamtemplates.pipelines.realtimeanalytics.PageStatisticsTable;
import org.beamtemplates.transforms.demo.ResultTable;

/** The table of page statistics in PostgreSQL. */
final class StatisticsTable implements ResultTable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String name;

  StatisticsTable(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Returns the statement that creates the table. */
  String create() {
    return PageStatisticsTable.named(name).createTable();
  }

  @Override
  public List<String> columns() {
    return List.of(
        "window",
        "category",
        "country",
        "events",
        "users",
        "p50 ms",
        "p95 ms",
        "revenue",
        "result");
  }

  @Override
  public List<List<String>> newest(Connection connection, int rows) throws SQLException {
    String sql =
        """
        select window_start, category, country, events, distinct_users, load_time_p50_ms,
          load_time_p95_ms, revenue_minor::text as revenue, timing, revision
        from %s
        order by window_start desc, events desc, category, country
        limit ?
        """
            .formatted(name);
    List<List<String>> newest = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setInt(1, rows);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          newest.add(
              List.of(
                  TIME.format(row.getObject("window_start", OffsetDateTime.class)),
                  row.getString("category"),
                  row.getString("country"),
                  row.getString("events"),
                  row.getString("distinct_users"),
                  row.getString("load_time_p50_ms"),
                  row.getString("load_time_p95_ms"),
                  money(row.getString("revenue")),
                  row.getString("timing") + " " + row.getString("revision")));
        }
      }
    }
    return newest;
  }

  @Override
  public Map<String, Long> finalCounts(Connection connection) throws SQLException {
    String sql =
        "select window_start, category, country, events from " + name + " where timing <> 'EARLY'";
    Map<String, Long> counts = new TreeMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        PageResult result =
            new PageResult(
                row.getObject("window_start", OffsetDateTime.class).toInstant().toEpochMilli(),
                row.getString("category"),
                row.getString("country"));
        counts.put(result.toString(), row.getLong("events"));
      }
    }
    return counts;
  }

  @Override
  public List<String> finalResults(Connection connection) throws SQLException {
    return StatisticsJson.finalResults(connection, name);
  }

  @Override
  public String expected(String result, long events) {
    return StatisticsJson.expected(result, events, RealtimeAnalyticsDemo.TIMING.windowSize());
  }

  /** Returns amounts as people write them, from minor units by currency. */
  static String money(String minorByCurrency) {
    try {
      StringJoiner amounts = new StringJoiner(", ");
      for (Map.Entry<String, JsonNode> amount : MAPPER.readTree(minorByCurrency).properties()) {
        int digits = Currency.getInstance(amount.getKey()).getDefaultFractionDigits();
        amounts.add(
            BigDecimal.valueOf(amount.getValue().longValue(), digits).toPlainString()
                + " "
                + amount.getKey());
      }
      return amounts.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Not an object of amounts: " + minorByCurrency, e);
    }
  }
}
