package org.beamtemplates.pipelines.realtimeanalytics;

import java.util.Optional;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.ingest.Validator;

/** What a page event must satisfy beyond its schema. */
final class PageEventRules implements Validator<PageEvent> {

  private static final long serialVersionUID = 1L;

  @Override
  public Optional<String> complaint(PageEvent event) {
    if (event.getEventId().isBlank()) {
      return Optional.of("eventId is empty: duplicates could not be told");
    }
    if (event.getUserId().isBlank()) {
      return Optional.of("userId is empty");
    }
    if (event.getPage().isBlank()) {
      return Optional.of("page is empty");
    }
    if (event.getLoadTimeMs() < 0) {
      return Optional.of("loadTimeMs is negative: " + event.getLoadTimeMs());
    }
    if (event.getRevenueMinor() != 0 && event.getCurrency().isBlank()) {
      return Optional.of("revenueMinor is " + event.getRevenueMinor() + " of no currency");
    }
    return Optional.empty();
  }
}
