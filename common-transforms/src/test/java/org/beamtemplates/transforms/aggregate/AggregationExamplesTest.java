package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.transforms.aggregate.fn.Aggregates;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.state.KeyedOutputs;
import org.beamtemplates.transforms.state.KeyedState;
import org.beamtemplates.transforms.state.Transition;
import org.junit.jupiter.api.Test;

/** The examples of the guide of aggregation run. */
class AggregationExamplesTest {

  record Payment(String id, String card, long cents) implements Serializable {

    static Coder<Payment> coder() {
      return SerializableCoder.of(Payment.class);
    }
  }

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @Test
  void countsInWindowsOfAMinute() {
    PCollection<Ingested<Payment>> payments = payments();

    Aggregated<String, Payment, Long> counts =
        payments.apply(
            "CountPayments",
            WindowedAggregation.by(Payment::card, StringUtf8Coder.of())
                .inFixedWindows(Duration.ofMinutes(1))
                .withAllowedLateness(Duration.ofMinutes(5))
                .combining(Aggregates.count()));

    Gathered<WindowResult<String, Long>> results = Gathered.of(counts.results());
    pipeline.run();
    assertThat(results.elements())
        .extracting(result -> result.key() + " " + result.value() + " " + result.timing())
        .containsExactlyInAnyOrder("a 3 ON_TIME", "b 1 ON_TIME");
  }

  @Test
  void findsSessions() {
    PCollection<Ingested<Payment>> payments = payments();

    Aggregated<String, Payment, Long> sessions =
        payments.apply(
            "Sessions",
            WindowedAggregation.by(Payment::card, StringUtf8Coder.of())
                .inSessions(Duration.ofSeconds(15))
                .combining(Aggregates.count()));

    Gathered<WindowResult<String, Long>> results = Gathered.of(sessions.results());
    pipeline.run();
    assertThat(results.elements())
        .extracting(
            result ->
                result.key() + " " + result.value() + " until " + result.windowEndMillis() / 1_000)
        .containsExactlyInAnyOrder("a 2 until 30", "a 1 until 65", "b 1 until 35");
  }

  @Test
  void findsPaymentsThatAreFarAboveTheOnesBefore() {
    PCollection<Ingested<Payment>> payments = payments();

    KeyedOutputs<Payment, String> alerts =
        payments.apply(
            "FindJumps",
            KeyedState.by(Payment::card, StringUtf8Coder.of())
                .expiringAfter(Duration.ofDays(30))
                .applying(
                    (Long largest, Payment payment, long eventTimeMillis) ->
                        largest != null && payment.cents() > 10 * largest
                            ? Transition.to(payment.cents(), "look at " + payment.id())
                            : Transition.to(
                                largest == null
                                    ? payment.cents()
                                    : Math.max(largest, payment.cents())),
                    VarLongCoder.of(),
                    StringUtf8Coder.of()));

    Gathered<Ingested<String>> outputs = Gathered.of(alerts.outputs());
    pipeline.run();
    assertThat(outputs.elements()).extracting(Ingested::value).containsExactly("look at 4");
  }

  @Test
  void letsEachPaymentPassOnce() {
    PCollection<Ingested<Payment>> payments = payments();

    PCollection<Ingested<Payment>> unique =
        payments.apply("Deduplicate", Deduplication.by(Payment::id, Duration.ofMinutes(6)));

    Gathered<Ingested<Payment>> passed = Gathered.of(unique);
    pipeline.run();
    assertThat(passed.elements())
        .extracting(payment -> payment.value().id())
        .containsExactlyInAnyOrderElementsOf(List.of("1", "2", "3", "4"));
  }

  private PCollection<Ingested<Payment>> payments() {
    return pipeline.apply(
        Scenario.of(Payment.coder())
            .at("00:10", new Payment("1", "a", 500))
            .at("00:15", new Payment("2", "a", 700))
            .at("00:20", new Payment("3", "b", 100))
            .at("00:50", new Payment("4", "a", 90_000))
            .thenEnds());
  }
}
