package org.beamtemplates.pipelines.realtimeanalytics.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.FakeSchemaRegistry;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.demo.Breakage;
import org.beamtemplates.transforms.demo.Senders;
import org.beamtemplates.transforms.demo.Workload;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageEventModelTest {

  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  private final FakeSchemaRegistry registry = FakeSchemaRegistry.start();
  private final List<Integer> schemaIds =
      PageSchemas.versions().stream().map(registry::add).toList();
  private final Senders visitors = Senders.zipf("user-", 1_000, 0.8, 4);
  private final PageEventModel model =
      PageEventModel.of(
          new Workload(7, 4, Instant.ofEpochMilli(NOON)),
          visitors,
          Duration.ofMinutes(1),
          schemaIds);
  private final RandomGenerator random = new SplittableRandom(7);
  private final Decoder<PageEvent> decoder =
      Decoders.confluentAvro(PageEvent.class, SchemaRegistry.at(registry.url()));

  @BeforeEach
  void open() {
    decoder.open();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void theNewerVersionCarriesEverything() throws DecodeException {
    PageEvent event = model.draw(3, NOON, random);

    assertThat(decode(model.encode(event, true))).isEqualTo(event);
  }

  @Test
  void theOlderVersionIsReadWithDefaults() throws DecodeException {
    PageEvent event = model.draw(3, NOON, random);

    PageEvent read = decode(model.encode(event, false));

    assertThat(read.getDevice()).isEmpty();
    assertThat(read.getSessionId()).isEmpty();
    read.setDevice(event.getDevice());
    read.setSessionId(event.getSessionId());
    assertThat(read).isEqualTo(event);
  }

  @Test
  void eachBrokenRecordIsBrokenForItsReason() throws DecodeException {
    for (Breakage<PageEvent> breakage : model.breakages()) {
      for (int i = 0; i < 200; i++) {
        PageEvent event = model.draw(i, NOON, random);
        byte[] value = breakage.value().of(event, i % 2 == 0, random);
        assertThat(category(value)).as(breakage.kind()).isEqualTo(breakage.category());
      }
    }
  }

  @Test
  void unknownSchemasAreFew() {
    Breakage<PageEvent> unknown =
        model.breakages().stream()
            .filter(breakage -> breakage.kind().equals("unknown schema"))
            .findFirst()
            .orElseThrow();
    Set<List<Byte>> headers = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      byte[] value = unknown.value().of(model.draw(i, NOON, random), true, random);
      headers.add(List.of(value[0], value[1], value[2], value[3], value[4]));
    }

    assertThat(headers).hasSizeBetween(2, 5);
  }

  @Test
  void eventsAreLikeThoseOfAShop() {
    Map<String, Integer> pages = new HashMap<>();
    Set<String> ids = new HashSet<>();
    long[] loadTimes = new long[20_000];
    int orders = 0;
    for (int i = 0; i < loadTimes.length; i++) {
      PageEvent event = model.draw(i % 1_000, NOON, random);
      ids.add(event.getEventId());
      pages.merge(event.getPage(), 1, Integer::sum);
      loadTimes[i] = event.getLoadTimeMs();
      orders += event.getRevenueMinor() > 0 ? 1 : 0;
      assertThat(event.getCurrency().isEmpty()).isEqualTo(event.getRevenueMinor() == 0);
    }
    Arrays.sort(loadTimes);
    long median = loadTimes[10_000];

    assertThat(ids).hasSize(loadTimes.length);
    assertThat(orders).isBetween(400, 900);
    assertThat(median).isBetween(200L, 900L);
    // Log-normal: a long tail to the right.
    assertThat(loadTimes[19_800]).isGreaterThan(3 * median);
    assertThat(loadTimes[0]).isGreaterThan(median / 20);
    // Zipf: the first page of a category is viewed about ten times as often as the tenth.
    assertThat(pages.get("/shoes/1000")).isGreaterThan(5 * pages.get("/shoes/1009"));
  }

  @Test
  void aVisitorStaysInOneCountryAndADeviceInOneHand() {
    PageEvent one = model.draw(5, NOON, random);
    PageEvent other = model.draw(5, NOON + 1_000, random);

    assertThat(other.getUserId()).isEqualTo(one.getUserId()).isEqualTo("user-5");
    assertThat(other.getCountry()).isEqualTo(one.getCountry());
    assertThat(other.getDevice()).isEqualTo(one.getDevice());
  }

  @Test
  void resultsAreNamedByWindowCategoryAndCountry() {
    PageEvent event = model.draw(5, NOON + 61_500, random);
    event.setCategory("bags");
    event.setCountry("FR");

    assertThat(model.resultKey(event)).hasToString("2026-03-01T12:01:00Z bags FR");
  }

  private PageEvent decode(byte[] value) throws DecodeException {
    return decoder.decode(RawRecord.of(Origin.none(), value));
  }

  /** Where ingestion would put it; a time of the distant future is not the decoder's affair. */
  private String category(byte @Nullable [] value) {
    try {
      PageEvent event = decoder.decode(RawRecord.of(Origin.none(), value));
      boolean sane = event.getEventTimeMs() == NOON;
      return sane && !event.getEventId().isEmpty() && event.getLoadTimeMs() >= 0
          ? "GOOD"
          : "VALIDATE";
    } catch (DecodeException e) {
      return "DECODE";
    }
  }
}
