package org.beamtemplates.transforms.aggregate.fn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.junit.jupiter.api.Test;

/** The examples of the Javadoc and of the guide compile and run. */
class AggregateExamplesTest {

  record Order(String shop, String customer, long cents, double kilograms, long timeMillis)
      implements Serializable {

    static Coder<Order> coder() {
      return SerializableCoder.of(Order.class);
    }
  }

  record OrderStatistics(long orders, LongSum cents, long customers) implements Serializable {

    static Coder<OrderStatistics> coder() {
      return SerializableCoder.of(OrderStatistics.class);
    }
  }

  @Test
  void composesAggregatesIntoATypedResult() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Aggregated<String, Order, OrderStatistics> statistics =
        pipeline
            .apply(
                Scenario.of(Order.coder())
                    .at("00:10", order("a", "ann", 500), order("b", "bob", 1))
                    .at("00:20", order("a", "ann", 250), order("a", "cid", 250))
                    .thenEnds())
            .apply(
                "Orders",
                WindowedAggregation.by(Order::shop, StringUtf8Coder.of())
                    .inFixedWindows(Duration.ofMinutes(1))
                    .combining(
                        Aggregates.compose(
                            Aggregates.count(),
                            Aggregates.sum(Order::cents),
                            Aggregates.distinctCount(Order::customer),
                            OrderStatistics::new,
                            OrderStatistics.coder())));
    Gathered<WindowResult<String, OrderStatistics>> results = Gathered.of(statistics.results());
    pipeline.run();

    assertThat(results.elements())
        .extracting(WindowResult::value)
        .containsExactlyInAnyOrder(
            new OrderStatistics(3, new LongSum(1_000, false), 2),
            new OrderStatistics(1, new LongSum(1, false), 1));
  }

  private static Order order(String shop, String customer, long cents) {
    return new Order(shop, customer, cents, 1.5, 0);
  }
}
