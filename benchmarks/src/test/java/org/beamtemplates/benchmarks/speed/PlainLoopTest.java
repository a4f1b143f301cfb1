package org.beamtemplates.benchmarks.speed;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.beamtemplates.benchmarks.speed.PaymentData.Keys;
import org.junit.jupiter.api.Test;

/** The loop that all others are held against, held against the definition of each workload. */
class PlainLoopTest {

  private static final PaymentData DATA = PaymentData.of(Keys.MANY, 1_100_000);

  private static final Map<String, List<Payment>> BY_CARD = byCard();

  private static Map<String, List<Payment>> byCard() {
    PaymentCodec codec = new PaymentCodec();
    List<Payment> payments = new ArrayList<>();
    PaymentData.Reader reader = DATA.read();
    while (payments.size() < DATA.count()) {
      payments.add(codec.decode(reader.next()));
    }
    return payments.stream().collect(groupingBy(Payment::getCard));
  }

  @Test
  void sumsEachMinute() {
    assertThat(PlainLoop.count(Workload.W1, DATA)).isEqualTo(windows(60_000));
  }

  @Test
  void sumsTenMinutesThatBeginEveryMinute() {
    assertThat(PlainLoop.count(Workload.W5, DATA)).isEqualTo(windows(600_000));
  }

  private static Tally.Count windows(long size) {
    long first = PaymentData.FIRST_MILLIS - size;
    Found found = new Found();
    for (long start = first; start <= first + size + 120_000; start += 60_000) {
      long from = start;
      BY_CARD.forEach(
          (card, payments) -> {
            Totals totals = new Totals();
            payments.stream()
                .filter(payment -> payment.getTime() >= from && payment.getTime() < from + size)
                .forEach(payment -> totals.add(payment.getCents()));
            if (totals.count() > 0) {
              found.add(Checksum.ofWindow(card, from, totals.sum(), totals.count(), totals.max()));
            }
          });
    }
    return found.count();
  }

  @Test
  void findsSessions() {
    Found found = new Found();
    BY_CARD.forEach(
        (card, payments) -> {
          List<Payment> sorted =
              payments.stream().sorted(Comparator.comparingLong(Payment::getTime)).toList();
          int from = 0;
          for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size()
                || sorted.get(i).getTime() - sorted.get(i - 1).getTime() >= 30_000) {
              List<Payment> session = sorted.subList(from, i);
              long sum = session.stream().mapToLong(Payment::getCents).sum();
              found.add(
                  Checksum.ofSession(
                      card,
                      session.get(0).getTime(),
                      session.get(session.size() - 1).getTime(),
                      sum,
                      session.size()));
              from = i;
            }
          }
        });

    assertThat(PlainLoop.count(Workload.W4, DATA)).isEqualTo(found.count());
  }

  @Test
  void alertsOfHighPaymentsAndOfBursts() {
    Found found = new Found();
    BY_CARD.forEach(
        (card, payments) -> {
          CardHistory history = CardHistory.none();
          for (Payment payment : payments) {
            CardHistory next = history.with(payment.getCents(), payment.getTime());
            long value = CardHistory.sum(next.cents());
            if (CardHistory.isHigh(history.average(), history.count(), payment.getCents())) {
              found.add(Checksum.ofAlert(card, payment.getTime(), CardHistory.HIGH, value));
            }
            if (CardHistory.isBurst(next.count(), next.times())) {
              found.add(Checksum.ofAlert(card, payment.getTime(), CardHistory.BURST, value));
            }
            history = next;
          }
        });

    assertThat(PlainLoop.count(Workload.W6, DATA)).isEqualTo(found.count());
    assertThat(found.count().results()).isBetween(DATA.count() / 500, DATA.count() / 20);
  }

  @Test
  void changesEachPayment() {
    Tally.Count count = PlainLoop.count(Workload.W3, DATA);

    assertThat(count.records()).isEqualTo(DATA.count());
    assertThat(count.results()).isEqualTo(DATA.count());
  }

  private static final class Found {
    private long results;
    private long checksum;

    void add(long resultChecksum) {
      results++;
      checksum += resultChecksum;
    }

    Tally.Count count() {
      return new Tally.Count(DATA.count(), results, checksum);
    }
  }
}
