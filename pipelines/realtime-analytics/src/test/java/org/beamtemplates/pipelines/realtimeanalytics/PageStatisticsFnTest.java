package org.beamtemplates.pipelines.realtimeanalytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.schemas.PageViews;
import org.junit.jupiter.api.Test;

class PageStatisticsFnTest {

  private final PageStatisticsFn fn = new PageStatisticsFn(2);

  @Test
  void countsEventsUsersRevenueAndPages() throws CoderException {
    PageStatistics statistics =
        combine(
            event("a", "/x", 10).setRevenueMinor(500).setCurrency("EUR"),
            event("b", "/y", 20).setRevenueMinor(-200).setCurrency("EUR"),
            event("a", "/y", 30).setRevenueMinor(7).setCurrency("JPY"),
            event("c", "/z", 40));

    assertThat(statistics.getEvents()).isEqualTo(4);
    assertThat(statistics.getDistinctUsers()).isEqualTo(3);
    assertThat(statistics.getRevenueMinor()).isEqualTo(Map.of("EUR", 300L, "JPY", 7L));
    assertThat(statistics.getTopPages())
        .containsExactly(new PageViews("/y", 2L), new PageViews("/x", 1L));
  }

  @Test
  void givesPercentilesThatOccurred() throws CoderException {
    PageEvent.Builder[] events = new PageEvent.Builder[100];
    for (int i = 0; i < 100; i++) {
      events[i] = event("u", "/x", 100 - i);
    }

    PageStatistics statistics = combine(events);

    assertThat(statistics.getLoadTimeP50Ms()).isEqualTo(50);
    assertThat(statistics.getLoadTimeP95Ms()).isEqualTo(95);
    assertThat(statistics.getLoadTimeP99Ms()).isEqualTo(99);
  }

  @Test
  void estimatesManyUsersAndLoadTimesWithinTheStatedErrors() throws CoderException {
    List<PageEvent.Builder> events = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      events.add(event("user-" + i, "/x", i));
    }

    PageStatistics statistics = combine(events.toArray(PageEvent.Builder[]::new));

    // Three standard errors of the sketches.
    assertThat(statistics.getDistinctUsers()).isCloseTo(50_000L, within(2_400L));
    assertThat(statistics.getLoadTimeP50Ms()).isCloseTo(25_000L, within(2_000L));
    assertThat(statistics.getLoadTimeP99Ms()).isCloseTo(49_500L, within(500L));
  }

  @Test
  void mergesWithoutTouchingWhatItMerges() {
    PageAccumulator one = fn.addInput(fn.createAccumulator(), event("a", "/x", 1).build());
    PageAccumulator other = fn.addInput(fn.createAccumulator(), event("b", "/x", 1).build());

    PageAccumulator merged = fn.mergeAccumulators(List.of(one, other));

    assertThat(fn.extractOutput(merged).getDistinctUsers()).isEqualTo(2);
    assertThat(fn.extractOutput(one).getDistinctUsers()).isEqualTo(1);
    assertThat(fn.extractOutput(other).getDistinctUsers()).isEqualTo(1);
  }

  @Test
  void isSerializable() {
    SerializableUtils.ensureSerializable(fn);
  }

  /** Goes through every path of a runner: several accumulators, each encoded on its way. */
  private PageStatistics combine(PageEvent.Builder... events) throws CoderException {
    List<PageAccumulator> accumulators = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      PageAccumulator accumulator = fn.createAccumulator();
      for (int i = part; i < events.length; i += 3) {
        accumulator = fn.addInput(accumulator, events[i].build());
      }
      accumulators.add(recode(accumulator));
    }
    return fn.extractOutput(recode(fn.mergeAccumulators(accumulators)));
  }

  private static PageAccumulator recode(PageAccumulator accumulator) throws CoderException {
    PageAccumulatorCoder coder = new PageAccumulatorCoder();
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, accumulator));
  }

  private static PageEvent.Builder event(String user, String page, long loadTimeMs) {
    return PageEvents.view("id", 0).setUserId(user).setPage(page).setLoadTimeMs(loadTimeMs);
  }
}
