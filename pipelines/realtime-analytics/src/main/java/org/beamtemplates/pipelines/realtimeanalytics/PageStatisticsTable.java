package org.beamtemplates.pipelines.realtimeanalytics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.deliver.jdbc.Column;
import org.beamtemplates.transforms.deliver.jdbc.JdbcTable;

/** The table that holds the statistics, a row for each window, category and country. */
public final class PageStatisticsTable {

  /** Name of the table unless another is chosen. */
  public static final String DEFAULT_NAME = "page_statistics";

  private PageStatisticsTable() {}

  /**
   * Describes the table.
   *
   * @param name {@code table} or {@code schema.table}
   */
  public static JdbcTable<PageStatistics> named(String name) {
    return JdbcTable.of(
        name,
        List.of(
            Column.timestamp("window_start", PageStatistics::getWindowStartMs),
            Column.timestamp("window_end", PageStatistics::getWindowEndMs),
            Column.text("category", PageStatistics::getCategory),
            Column.text("country", PageStatistics::getCountry)),
        List.of(
            Column.bigint("events", PageStatistics::getEvents),
            Column.bigint("distinct_users", PageStatistics::getDistinctUsers),
            Column.bigint("load_time_p50_ms", PageStatistics::getLoadTimeP50Ms),
            Column.bigint("load_time_p95_ms", PageStatistics::getLoadTimeP95Ms),
            Column.bigint("load_time_p99_ms", PageStatistics::getLoadTimeP99Ms),
            Column.json("revenue_minor", PageStatisticsTable::revenue),
            Column.json("top_pages", PageStatisticsTable::topPages),
            Column.text("timing", PageStatistics::getTiming)),
        PageStatistics::getRevision);
  }

  private static String revenue(PageStatistics statistics) {
    ObjectNode revenue = JsonNodeFactory.instance.objectNode();
    statistics.getRevenueMinor().forEach(revenue::put);
    return revenue.toString();
  }

  private static String topPages(PageStatistics statistics) {
    ArrayNode pages = JsonNodeFactory.instance.arrayNode();
    statistics
        .getTopPages()
        .forEach(
            page -> pages.addObject().put("page", page.getPage()).put("views", page.getViews()));
    return pages.toString();
  }
}
