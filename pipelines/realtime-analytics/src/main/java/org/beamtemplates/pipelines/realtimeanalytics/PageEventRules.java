package org.beamtemplates.pipelines.realtimeanalytics;

import java.util.Optional;
import java.util.regex.Pattern;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.ingest.Validator;

/** What a page event must satisfy beyond its schema. */
final class PageEventRules implements Validator<PageEvent> {

  private static final long serialVersionUID = 1L;

  /** Ninety million events of this size fit into a sum. */
  private static final long MAX_REVENUE_MINOR = 100_000_000_000L;

  private static final int MAX_PAGE = 2_000;
  private static final int MAX_NAME = 200;
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

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
    if (event.getRevenueMinor() > MAX_REVENUE_MINOR
        || event.getRevenueMinor() < -MAX_REVENUE_MINOR) {
      return Optional.of(
          "revenueMinor is beyond " + MAX_REVENUE_MINOR + ": " + event.getRevenueMinor());
    }
    if (event.getRevenueMinor() != 0 && !CURRENCY.matcher(event.getCurrency()).matches()) {
      return Optional.of(
          "revenueMinor is " + event.getRevenueMinor() + ", but currency is no ISO 4217 code");
    }
    return tooLong("page", event.getPage(), MAX_PAGE)
        .or(() -> tooLong("category", event.getCategory(), MAX_NAME))
        .or(() -> tooLong("country", event.getCountry(), MAX_NAME));
  }

  /** What is kept in state, and what results are named by, has a bound. */
  private static Optional<String> tooLong(String field, String value, int limit) {
    return value.length() <= limit
        ? Optional.empty()
        : Optional.of(field + " has " + value.length() + " characters, more than " + limit);
  }
}
