package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "250ms, 250",
    "30s, 30000",
    "5m, 300000",
    "1h, 3600000",
    "1d, 86400000",
    "1h30m, 5400000",
    "1m5ms, 60005",
    "PT1M, 60000",
    "pt0.5s, 500",
    "0s, 0"
  })
  void readsWhatPeopleWrite(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5 minutes", "-5s", "PT-1M", "5w", "m", "99999999999999999999s", "P"})
  void saysHowToWriteOne(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write it like 250ms, 30s");
  }

  @Test
  void asksForTheUnitOfABareNumber() {
    assertThatThrownBy(() -> Durations.parse("30")).hasMessageStartingWith("has no unit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"250ms", "1h30m", "1d2h3m4s5ms", "0s"})
  void writesWhatItReads(String text) {
    assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
  }
}
