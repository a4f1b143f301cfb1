package org.beamtemplates.pipelines.realtimeanalytics;

import java.time.Instant;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.PageEvent;

/** Page events for tests. */
final class PageEvents {

  static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

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

  /** An event with its event time as timestamp. */
  static TimestampedValue<PageEvent> timed(PageEvent.Builder builder) {
    PageEvent event = builder.build();
    return TimestampedValue.of(event, org.joda.time.Instant.ofEpochMilli(event.getEventTimeMs()));
  }

  static org.joda.time.Instant afterNoon(long seconds) {
    return org.joda.time.Instant.ofEpochMilli(NOON + seconds * 1_000);
  }
}
