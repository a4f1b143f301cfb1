package org.beamtemplates.benchmarks.micro;

import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/** The page view that all benchmarks read. */
final class Pages {

  private Pages() {}

  static PageEvent page() {
    return PageEvent.newBuilder()
        .setEventId("0b8f2f1e-6a3c-4b62-9c41-5d8f0a7f3e21")
        .setUserId("user-004711")
        .setSessionId("session-0815")
        .setPage("/products/4711/reviews")
        .setCategory("products")
        .setCountry("DE")
        .setDevice("mobile")
        .setEventTimeMs(1_767_225_600_000L)
        .setLoadTimeMs(183)
        .setRevenueMinor(1_999)
        .setCurrency("EUR")
        .build();
  }

  static RawRecord record(byte[] value) {
    return RawRecord.of(Origin.kafka("pages", 1, 4_711), value);
  }
}
