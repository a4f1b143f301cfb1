package org.beamtemplates.transforms.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.schemas.PageViews;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;

class JsonEncoderTest {

  private final Encoder<PageStatistics> encoder = Encoders.json(PageStatistics.class);

  @Test
  void writesAllFieldsInTheOrderOfTheSchemaAndSortsTheKeysOfMaps() throws Exception {
    Map<String, Long> revenue = new LinkedHashMap<>();
    revenue.put("USD", 2L);
    revenue.put("EUR", 1L);

    assertThat(new String(encoder.encode(statistics(revenue)), UTF_8))
        .isEqualTo(
            "{\"windowStartMs\":0,\"windowEndMs\":60000,\"category\":\"Bücher\",\"country\":\"DE\","
                + "\"events\":0,\"distinctUsers\":0,\"loadTimeP50Ms\":0,\"loadTimeP95Ms\":0,"
                + "\"loadTimeP99Ms\":0,\"revenueMinor\":{\"EUR\":1,\"USD\":2},"
                + "\"topPages\":[{\"page\":\"/a\\n\",\"views\":3}],"
                + "\"timing\":\"ON_TIME\",\"revision\":0}");
  }

  @Test
  void theCallerOwnsTheBytes() throws Exception {
    byte[] first = encoder.encode(statistics(Map.of()));
    byte[] copy = first.clone();
    encoder.encode(statistics(Map.of("EUR", 5L)));

    assertThat(first).isEqualTo(copy);
  }

  @Test
  void namesThePathOfAValueThatBreaksTheSchema() {
    PageStatistics statistics = statistics(Map.of());
    statistics.setTopPages(
        new ArrayList<>(Arrays.asList(new PageViews("/a", 1L), new PageViews(null, 2L))));

    assertThatExceptionOfType(EncodeException.class)
        .isThrownBy(() -> encoder.encode(statistics))
        .withMessage(
            "Cannot encode PageStatistics: $.topPages[1].page: null, which the schema does not"
                + " allow");
  }

  @Test
  void halfASurrogatePairIsEscapedAndSurvives() throws Exception {
    PageStatistics statistics = statistics(Map.of());
    statistics.setCategory("a\uD83D");

    byte[] json = encoder.encode(statistics);

    assertThat(new String(json, UTF_8)).contains("a\\uD83D");
    assertThat(Decoders.json(PageStatistics.class).decode(RawRecord.of(Origin.none(), json)))
        .isEqualTo(statistics);
  }

  private static PageStatistics statistics(Map<String, Long> revenue) {
    return PageStatistics.newBuilder()
        .setWindowStartMs(0)
        .setWindowEndMs(60_000)
        .setCategory("Bücher")
        .setCountry("DE")
        .setRevenueMinor(revenue)
        .setTopPages(List.of(new PageViews("/a\n", 3L)))
        .build();
  }
}
