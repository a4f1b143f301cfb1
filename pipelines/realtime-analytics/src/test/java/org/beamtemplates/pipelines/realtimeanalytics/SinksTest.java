package org.beamtemplates.pipelines.realtimeanalytics;

import static org.assertj.core.api.Assertions.assertThat;

import org.beamtemplates.schemas.PageStatistics;
import org.junit.jupiter.api.Test;

class SinksTest {

  @Test
  void namesARevisionLikeTheOneBefore() {
    assertThat(key("shoes", "DE", 0)).isEqualTo(key("shoes", "DE", 7)).isEqualTo("1/2/shoes/DE");
  }

  @Test
  void namesNoTwoResultsAlike() {
    assertThat(key("a/b", "c", 0)).isNotEqualTo(key("a", "b/c", 0));
    assertThat(key("", "a", 0)).isNotEqualTo(key("a", "", 0));
  }

  private static String key(String category, String country, long revision) {
    return Sinks.key(
        PageStatistics.newBuilder()
            .setWindowStartMs(1)
            .setWindowEndMs(2)
            .setCategory(category)
            .setCountry(country)
            .setRevision(revision)
            .build());
  }
}
