package org.beamtemplates.benchmarks.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import org.beamtemplates.pipelines.realtimeanalytics.PageAggregate;
import org.beamtemplates.schemas.PageEvent;
import org.junit.jupiter.api.Test;

class AggregateSerializerTest {

  @Test
  void aCopyHasTheSameEventsAndGoesItsOwnWay() {
    PageAggregate aggregate = new PageAggregate();
    aggregate.add(view("/a", "EUR"));

    PageAggregate copy = AggregateSerializer.INSTANCE.copy(aggregate);
    copy.add(view("/b", "USD"));

    assertThat(aggregate.toStatistics(10).getEvents()).isEqualTo(1);
    assertThat(copy.toStatistics(10).getEvents()).isEqualTo(2);
    assertThat(copy.toStatistics(10).getRevenueMinor()).containsOnlyKeys("EUR", "USD");
    assertThat(copy.toStatistics(10).getTopPages()).extracting("page").containsExactly("/a", "/b");
  }

  private static PageEvent view(String page, String currency) {
    PageView view = new PageView();
    view.userId = "u";
    view.page = page;
    view.currency = currency;
    view.revenueMinor = 3;
    PageEvent event = new PageEvent();
    view.writeTo(event);
    return event;
  }
}
