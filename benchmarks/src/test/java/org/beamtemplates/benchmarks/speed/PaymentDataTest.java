package org.beamtemplates.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.beamtemplates.benchmarks.speed.PaymentData.Keys;
import org.junit.jupiter.api.Test;

class PaymentDataTest {

  private static final long COUNT = 1_200_000;

  private final PaymentCodec codec = new PaymentCodec();

  @Test
  void hasTimesInTheBytesThatAreLessThanTwoSecondsOutOfOrder() {
    PaymentData.Reader reader = PaymentData.of(Keys.HOT, COUNT).read();
    long newest = 0;
    for (long i = 0; i < COUNT; i++) {
      Payment payment = codec.decode(reader.next());
      assertThat(payment.getTime()).isEqualTo(reader.timeMillis()).isGreaterThan(newest - 2_000);
      assertThat(PaymentCodec.isValid(payment)).isTrue();
      assertThat(reader.partition()).isEqualTo(PaymentData.partition(payment.getCard()));
      newest = Math.max(newest, payment.getTime());
    }
    assertThat(newest - PaymentData.FIRST_MILLIS).isCloseTo(COUNT / 10, within(2_000L));
  }

  @Test
  void endsWithAMarkInEachPartition() {
    PaymentData.Reader reader = PaymentData.of(Keys.HOT, 10).read();
    reader.seek(10);
    List<Integer> partitions = new ArrayList<>();
    while (reader.hasNext()) {
      Payment payment = codec.decode(reader.next());
      assertThat(PaymentData.isEnd(payment.getCard())).isTrue();
      assertThat(PaymentCodec.isValid(payment)).isTrue();
      partitions.add(reader.partition());
    }
    assertThat(partitions).containsExactly(0, 1, 2, 3);
  }

  @Test
  void isTheSameFromAnyPosition() {
    PaymentData data = PaymentData.of(Keys.HOT, COUNT);
    PaymentData.Reader all = data.read();
    for (int i = 0; i < 1_000_010; i++) {
      all.next();
    }
    PaymentData.Reader rest = data.read();
    rest.seek(all.position());

    for (int i = 0; i < 100; i++) {
      assertThat(rest.next()).isEqualTo(all.next());
      assertThat(rest.partition()).isEqualTo(all.partition());
    }
  }

  @Test
  void hasFewHotCardsAmongMany() {
    Map<String, Integer> counts = counts(Keys.MANY);

    assertThat(counts.get("card-000000")).isBetween(7_500, 9_000);
    assertThat(counts).hasSizeGreaterThan(20_000);
  }

  @Test
  void givesOneCardTheShareThatIsAskedFor() {
    Map<String, Integer> counts = counts(Keys.alike(1_000).withHottest(0.5));

    assertThat(counts.get("card-000000")).isBetween(49_000, 51_000);
    assertThat(counts).hasSize(1_000);
    counts.remove("card-000000");
    assertThat(counts.values()).allMatch(count -> count < 120);
  }

  /** The bytes are part of what figures mean: those of other runs are of these payments. */
  @Test
  void isWhatItWas() {
    CRC32C crc = new CRC32C();
    for (Keys keys : List.of(Keys.MANY, Keys.HOT)) {
      PaymentData.Reader reader = PaymentData.of(keys, 10_000).read();
      while (reader.hasNext()) {
        crc.update(reader.next());
      }
    }
    assertThat(crc.getValue()).isEqualTo(3_817_347_587L);
  }

  @Test
  void readsKeysThatItHasWritten() {
    Keys keys = new Keys(5_000, 0.75, 0.125);

    assertThat(Keys.parse(keys.toString())).isEqualTo(keys).isNotEqualTo(Keys.MANY);
    assertThatThrownBy(() -> Keys.parse("5000"))
        .hasMessage("'5000' is not <count>-<exponent>-<hottest>");
    assertThatThrownBy(() -> Keys.alike(1_000_001)).hasMessageContaining("2 to 1000000");
    assertThatThrownBy(() -> Keys.MANY.withHottest(1)).hasMessageContaining("less than 1");
  }

  private Map<String, Integer> counts(Keys keys) {
    PaymentData.Reader reader = PaymentData.of(keys, 100_000).read();
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 100_000; i++) {
      counts.merge(codec.decode(reader.next()).getCard(), 1, Integer::sum);
    }
    return counts;
  }
}
