package org.beamtemplates.transforms.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Records;
import org.beamtemplates.transforms.record.Ingested;
import org.junit.jupiter.api.Test;

/** The examples of the Javadoc and of the guide compile and run. */
class EnrichExamplesTest {

  record Sale(String shop, long cents) implements Serializable {}

  record Renaming(String shop, String name) implements Serializable {}

  record NamedSale(Sale sale, String shopName) implements Serializable {

    static Coder<NamedSale> coder() {
      return SerializableCoder.of(NamedSale.class);
    }
  }

  record Order(String id, long cents) implements Serializable {}

  record Payment(String orderId, String method) implements Serializable {}

  record PaidOrder(Order order, Payment payment) implements Serializable {

    static Coder<PaidOrder> coder() {
      return SerializableCoder.of(PaidOrder.class);
    }
  }

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @Test
  void namesShopsFromATable() {
    PCollection<Ingested<Sale>> sales = ingested(Sale.class, new Sale("s1", 5), new Sale("s2", 7));
    PCollectionView<Map<String, String>> shopNames =
        SlowTable.reloadEvery(
                Duration.ofMinutes(5),
                () -> Map.of("s1", "Harbour"),
                StringUtf8Coder.of(),
                StringUtf8Coder.of())
            .reloadAt(pipeline.apply("Once", Create.of(1)));

    PCollection<Ingested<NamedSale>> named =
        sales.apply(
            "NameShops",
            Enrichment.of(
                    shopNames,
                    Sale::shop,
                    (Sale sale, Optional<String> name) -> new NamedSale(sale, name.orElseThrow()),
                    NamedSale.coder())
                .withMisses(MissPolicy.useDefault("unknown")));
    Gathered<Ingested<NamedSale>> gathered = Gathered.of(named);
    pipeline.run();

    assertThat(gathered.elements())
        .extracting(one -> one.value().shopName())
        .containsExactlyInAnyOrder("Harbour", "unknown");
  }

  @Test
  void namesShopsFromAStreamOfRenamings() {
    PCollection<Ingested<Sale>> sales = ingested(Sale.class, new Sale("s1", 5), new Sale("s2", 7));
    PCollection<Ingested<Renaming>> renamings = ingested(Renaming.class);

    Enriched<Sale, Renaming, NamedSale> named =
        sales.apply(
            "NameShops",
            LatestValue.by(Sale::shop, Renaming::shop, StringUtf8Coder.of())
                .rememberedFor(Duration.ofDays(30))
                .joining(
                    renamings,
                    (Sale sale, Optional<Renaming> renaming) ->
                        new NamedSale(sale, renaming.map(Renaming::name).orElse("unknown")),
                    NamedSale.coder()));

    Gathered<Ingested<NamedSale>> gathered = Gathered.of(named.events());
    pipeline.run();
    assertThat(gathered.elements())
        .extracting(one -> one.value().shopName())
        .containsExactly("unknown", "unknown");
  }

  @Test
  void joinsOrdersWithPayments() {
    PCollection<Ingested<Order>> orders =
        ingested(Order.class, new Order("1", 500), new Order("2", 700));
    PCollection<Ingested<Payment>> payments = ingested(Payment.class, new Payment("1", "card"));

    Joined<Order, Payment, PaidOrder> joined =
        orders.apply(
            "Pay",
            WindowJoin.by(Order::id, Payment::orderId, StringUtf8Coder.of())
                .inFixedWindows(Duration.ofMinutes(10))
                .withAllowedLateness(Duration.ofMinutes(1))
                .with(payments, PaidOrder::new, PaidOrder.coder()));
    Gathered<Ingested<PaidOrder>> pairs = Gathered.of(joined.pairs());
    Gathered<Unjoined<Order>> unpaid = Gathered.of(joined.left());
    PipelineResult result = pipeline.run();

    assertThat(pairs.elements())
        .extracting(Ingested::value)
        .containsExactly(new PaidOrder(new Order("1", 500), new Payment("1", "card")));
    assertThat(unpaid.elements())
        .extracting(one -> one.element().value().id() + " " + one.reason())
        .containsExactly("2 UNMATCHED");
    assertAccounting(result).balances().dropsNothing().stage("join").in(3).out(3).nothingElse();
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the values are only read
  private <T extends Serializable> PCollection<Ingested<T>> ingested(Class<T> type, T... values) {
    Records records = Records.ofTopic(type.getSimpleName(), 0);
    return pipeline.apply(
        type.getSimpleName(),
        Create.of(java.util.Arrays.stream(values).map(records::<T>ingested).toList())
            .withCoder(Ingested.coder(SerializableCoder.of(type))));
  }
}
