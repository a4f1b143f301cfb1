package org.beamtemplates.benchmarks.analytics;

import org.beamtemplates.schemas.PageEvent;

/**
 * What is needed of an event behind its decoding: a POJO, which Flink serializes field by field.
 */
public final class PageView {

  public String eventId = "";
  public String userId = "";
  public String page = "";
  public String category = "";
  public String country = "";
  public String currency = "";
  public long loadTimeMs;
  public long revenueMinor;

  void readFrom(PageEvent event) {
    eventId = event.getEventId();
    userId = event.getUserId();
    page = event.getPage();
    category = event.getCategory();
    country = event.getCountry();
    currency = event.getCurrency();
    loadTimeMs = event.getLoadTimeMs();
    revenueMinor = event.getRevenueMinor();
  }

  /** Writes what an aggregate looks at. */
  void writeTo(PageEvent event) {
    event.setUserId(userId);
    event.setPage(page);
    event.setCurrency(currency);
    event.setLoadTimeMs(loadTimeMs);
    event.setRevenueMinor(revenueMinor);
  }
}
