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
    return problem("page", event.getPage(), MAX_PAGE)
        .or(() -> problem("category", event.getCategory(), MAX_NAME))
        .or(() -> problem("country", event.getCountry(), MAX_NAME));
  }

  /** These become part of results: one event must not keep a result out of its store. */
  private static Optional<String> problem(String field, String value, int limit) {
    return tooLong(field, value, limit)
        .or(() -> notStorable(value).map(character -> field + " contains " + character));
  }

  /** What databases refuse: the character U+0000, and half of a surrogate pair. */
  private static Optional<String> notStorable(String value) {
    return value
        .codePoints()
        .filter(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
        .mapToObj("U+%04X, which a database cannot store"::formatted)
        .findFirst();
  }

  /** What is kept in state, and what results are named by, has a bound. */
  private static Optional<String> tooLong(String field, String value, int limit) {
    return value.length() <= limit
        ? Optional.empty()
        : Optional.of(field + " has " + value.length() + " characters, more than " + limit);
  }
}
