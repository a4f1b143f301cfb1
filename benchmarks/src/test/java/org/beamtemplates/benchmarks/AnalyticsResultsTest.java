package org.beamtemplates.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.schemas.PageViews;
import org.junit.jupiter.api.Test;

class AnalyticsResultsTest {

  @Test
  void resultsWithOtherEstimatesAreTheSame() {
    assertThat(difference(result("DE", 10).setDistinctUsers(1_000), 1_050)).isEmpty();
  }

  @Test
  void estimatesFarApartAreADifference() {
    assertThat(difference(result("DE", 10).setDistinctUsers(1_000), 1_200)).isPresent();
  }

  @Test
  void oneEventMoreIsADifference() {
    assertThat(of(result("DE", 10)).differenceTo(of(result("DE", 11)))).isPresent();
  }

  @Test
  void otherRevenueIsADifference() {
    assertThat(
            of(result("DE", 10).setRevenueMinor(Map.of("EUR", 5L)))
                .differenceTo(of(result("DE", 10).setRevenueMinor(Map.of("USD", 5L)))))
        .isPresent();
  }

  @Test
  void anotherTopPageIsADifference() {
    assertThat(
            of(result("DE", 10).setTopPages(List.of(new PageViews("/a", 3L))))
                .differenceTo(of(result("DE", 10).setTopPages(List.of(new PageViews("/b", 3L))))))
        .isPresent();
  }

  @Test
  void aMissingResultIsADifference() {
    AnalyticsResults both =
        AnalyticsResults.of(List.of(result("DE", 10).build(), result("FR", 10).build()));
    assertThat(of(result("DE", 10)).differenceTo(both)).isPresent();
    assertThat(both.differenceTo(of(result("DE", 10)))).isPresent();
  }

  @Test
  void windowsThatEndLaterAreLeftOut() {
    AnalyticsResults results =
        AnalyticsResults.of(
            List.of(
                result("DE", 10).build(),
                result("DE", 7).setWindowStartMs(60_000).setWindowEndMs(120_000).build()));

    assertThat(results.newestEndMs()).isEqualTo(120_000);
    assertThat(results.until(60_000).events()).isEqualTo(10);
  }

  private static Optional<String> difference(PageStatistics.Builder one, long users) {
    PageStatistics.Builder other = PageStatistics.newBuilder(one).setDistinctUsers(users);
    return of(one).differenceTo(of(other));
  }

  private static AnalyticsResults of(PageStatistics.Builder result) {
    return AnalyticsResults.of(List.of(result.build()));
  }

  private static PageStatistics.Builder result(String country, long events) {
    return PageStatistics.newBuilder()
        .setWindowStartMs(0)
        .setWindowEndMs(60_000)
        .setCategory("shoes")
        .setCountry(country)
        .setEvents(events);
  }
}
