package org.beamtemplates.pipelines.realtimeanalytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.kll.KllLongsSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.schemas.PageViews;

/**
 * What is kept of the events of one window, category and country. Bounded: about 2.5 KB for users,
 * 3 KB for load times and up to 50 KB for pages, however many events there are.
 *
 * <p>Counts and revenue are exact. Users (HyperLogLog, lg k = 12), load times (KLL, k = 200) and
 * pages (frequent items, 768 of them) are exact while there are few, then estimates with the errors
 * that Apache DataSketches states for these sizes: 1.6 % for users, 1.3 % in rank for load times.
 */
final class PageAccumulator {

  static final int USERS_LG_K = 12;
  private static final int MAX_PAGES = 1_024;

  private long events;
  private final Map<String, Long> revenueMinor;
  private final Union users;
  private final KllLongsSketch loadTimes;
  private final ItemsSketch<String> pages;

  PageAccumulator() {
    this(
        0,
        new TreeMap<>(),
        new Union(USERS_LG_K),
        KllLongsSketch.newHeapInstance(),
        new ItemsSketch<>(MAX_PAGES));
  }

  PageAccumulator(
      long events,
      Map<String, Long> revenueMinor,
      Union users,
      KllLongsSketch loadTimes,
      ItemsSketch<String> pages) {
    this.events = events;
    this.revenueMinor = revenueMinor;
    this.users = users;
    this.loadTimes = loadTimes;
    this.pages = pages;
  }

  void add(PageEvent event) {
    events++;
    users.update(event.getUserId());
    loadTimes.update(event.getLoadTimeMs());
    pages.update(event.getPage());
    if (event.getRevenueMinor() != 0) {
      revenueMinor.merge(event.getCurrency(), event.getRevenueMinor(), Long::sum);
    }
  }

  void merge(PageAccumulator other) {
    events += other.events;
    users.update(other.users());
    loadTimes.merge(other.loadTimes);
    pages.merge(other.pages);
    other.revenueMinor.forEach((currency, minor) -> revenueMinor.merge(currency, minor, Long::sum));
  }

  long events() {
    return events;
  }

  Map<String, Long> revenueMinor() {
    return revenueMinor;
  }

  HllSketch users() {
    return users.getResult(TgtHllType.HLL_4);
  }

  KllLongsSketch loadTimes() {
    return loadTimes;
  }

  ItemsSketch<String> pages() {
    return pages;
  }

  /** Returns the statistics, without key and window. */
  PageStatistics toStatistics(int topPages) {
    return PageStatistics.newBuilder()
        .setWindowStartMs(0)
        .setWindowEndMs(0)
        .setCategory("")
        .setCountry("")
        .setEvents(events)
        .setDistinctUsers(Math.round(users.getEstimate()))
        .setLoadTimeP50Ms(loadTime(0.50))
        .setLoadTimeP95Ms(loadTime(0.95))
        .setLoadTimeP99Ms(loadTime(0.99))
        .setRevenueMinor(new TreeMap<>(revenueMinor))
        .setTopPages(top(topPages))
        .build();
  }

  private long loadTime(double rank) {
    return loadTimes.isEmpty() ? 0 : loadTimes.getQuantile(rank, QuantileSearchCriteria.INCLUSIVE);
  }

  private List<PageViews> top(int count) {
    List<PageViews> views = new ArrayList<>();
    for (ItemsSketch.Row<String> row : pages.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES)) {
      views.add(new PageViews(row.getItem(), row.getEstimate()));
    }
    views.sort(
        Comparator.comparingLong(PageViews::getViews).reversed().thenComparing(PageViews::getPage));
    return List.copyOf(views.subList(0, Math.min(count, views.size())));
  }
}
