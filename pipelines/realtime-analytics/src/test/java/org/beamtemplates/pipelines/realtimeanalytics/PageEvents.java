package org.beamtemplates.pipelines.realtimeanalytics;

import java.time.Instant;
import org.beamtemplates.schemas.PageEvent;

/** Page events for tests. */
final class PageEvents {

  /** Noon, where stories start. */
  static final String START = "2026-03-01T12:00:00Z";

  static final long NOON = Instant.parse(START).toEpochMilli();

  private PageEvents() {}

  /** A view of a shoe page from Germany, some seconds after noon, that took 100 ms to load. */
  static PageEvent.Builder view(String id, long secondsAfterNoon) {
    return PageEvent.newBuilder()
        .setEventId(id)
        .setUserId("user-" + id)
        .setPage("/shoes/boots")
        .setCategory("shoes")
        .setCountry("DE")
        .setEventTimeMs(NOON + secondsAfterNoon * 1_000)
        .setLoadTimeMs(100);
  }
}
