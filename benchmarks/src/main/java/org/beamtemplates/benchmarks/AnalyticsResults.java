package org.beamtemplates.benchmarks;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.schemas.PageViews;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * The final results in an output topic: of each window, category and country that with the highest
 * revision.
 */
final class AnalyticsResults {

  /** Five standard errors of the estimate of users. */
  private static final double USERS = 0.08;

  /** What some percents in rank are in load times, which are log-normal, at the median. */
  private static final double MEDIAN = 0.25;

  /** The same at the 95th percentile, where they are rarer. */
  private static final double TAIL = 0.6;

  /** What names a result. */
  record Key(long windowStartMs, String category, String country) {}

  private final Map<Key, PageStatistics> last;

  private AnalyticsResults(Map<Key, PageStatistics> last) {
    this.last = last;
  }

  static AnalyticsResults of(
      Iterable<ConsumerRecord<byte[], byte[]>> records, Decoder<PageStatistics> decoder) {
    Map<Key, PageStatistics> last = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      PageStatistics statistics = decode(record, decoder);
      last.merge(
          new Key(statistics.getWindowStartMs(), statistics.getCategory(), statistics.getCountry()),
          statistics,
          (one, other) -> other.getRevision() >= one.getRevision() ? other : one);
    }
    return new AnalyticsResults(last);
  }

  static AnalyticsResults of(Iterable<PageStatistics> results) {
    Map<Key, PageStatistics> last = new LinkedHashMap<>();
    for (PageStatistics one : results) {
      last.put(new Key(one.getWindowStartMs(), one.getCategory(), one.getCountry()), one);
    }
    return new AnalyticsResults(last);
  }

  private static PageStatistics decode(
      ConsumerRecord<byte[], byte[]> record, Decoder<PageStatistics> decoder) {
    try {
      return decoder.decode(
          RawRecord.of(
              Origin.kafka(record.topic(), record.partition(), record.offset()), record.value()));
    } catch (DecodeException e) {
      throw new IllegalStateException("A result that cannot be read: " + record, e);
    }
  }

  /** Returns the events of all windows together. */
  long events() {
    return last.values().stream().mapToLong(PageStatistics::getEvents).sum();
  }

  int size() {
    return last.size();
  }

  /** Returns the end of the last window that there are results of. */
  long newestEndMs() {
    return last.values().stream().mapToLong(PageStatistics::getWindowEndMs).max().orElse(0);
  }

  /** Returns the results of windows that end until then. */
  AnalyticsResults until(long endMs) {
    Map<Key, PageStatistics> earlier = new LinkedHashMap<>(last);
    earlier.values().removeIf(statistics -> statistics.getWindowEndMs() > endMs);
    return new AnalyticsResults(earlier);
  }

  /**
   * Returns what is the first difference to other results, or empty if they say the same: what is
   * exact is equal; estimates, which depend on the order of events, are as near as their errors
   * allow.
   */
  Optional<String> differenceTo(AnalyticsResults other) {
    if (!last.keySet().equals(other.last.keySet())) {
      return Optional.of(size() + " windows and keys are not those of the " + other.size());
    }
    return last.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getKey().windowStartMs()))
        .filter(entry -> !same(entry.getValue(), other.last.get(entry.getKey())))
        .findFirst()
        .map(entry -> entry.getValue() + " is not " + other.last.get(entry.getKey()));
  }

  private static boolean same(PageStatistics one, PageStatistics other) {
    return one.getEvents() == other.getEvents()
        && one.getWindowEndMs() == other.getWindowEndMs()
        && one.getRevenueMinor().equals(other.getRevenueMinor())
        && views(one).equals(views(other))
        && near(one.getDistinctUsers(), other.getDistinctUsers(), USERS)
        && near(one.getLoadTimeP50Ms(), other.getLoadTimeP50Ms(), MEDIAN)
        && near(one.getLoadTimeP95Ms(), other.getLoadTimeP95Ms(), TAIL);
  }

  private static Map<String, Long> views(PageStatistics statistics) {
    Map<String, Long> views = new TreeMap<>();
    for (PageViews page : statistics.getTopPages()) {
      views.put(page.getPage(), page.getViews());
    }
    return views;
  }

  private static boolean near(long one, long other, double share) {
    return Math.abs(one - other) <= Math.max(1, share * Math.max(one, other));
  }
}
