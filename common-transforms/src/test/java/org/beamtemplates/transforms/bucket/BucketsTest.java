package org.beamtemplates.transforms.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.launch.RefusedException;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class BucketsTest {

  private final Buckets<String> buckets = Buckets.of(StringUtf8Coder.of(), 128);

  @Test
  void neverMovesAKeyToAnotherBucket() {
    // A checkpoint holds these numbers: they must not change from one version to the next.
    assertThat(List.of(buckets.of("a"), buckets.of("b"), buckets.of("page-4711"), buckets.of("")))
        .containsExactly(44, 55, 121, 91);
    assertThat(SerializableUtils.clone(buckets).of("page-4711")).isEqualTo(buckets.of("page-4711"));
  }

  @Test
  void comesToTheSameWithoutEncodingAText() {
    Buckets<String> encoding = Buckets.of(new Encoded(), 128);

    for (String key : List.of("", "a", "card-000017", "\u007f", "\u0080", "größe", "日本", "😀")) {
      assertThat(buckets.of(key)).as(key).isEqualTo(encoding.of(key));
    }
    for (int length : List.of(126, 127, 128, 300)) {
      String key = "x".repeat(length);
      assertThat(buckets.of(key)).as(length + " characters").isEqualTo(encoding.of(key));
    }
  }

  /** Texts as they are always written, by a coder that nobody knows a shorter way for. */
  private static final class Encoded extends AtomicCoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(String text, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(text, out);
    }

    @Override
    public String decode(InputStream in) throws IOException {
      return StringUtf8Coder.of().decode(in);
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }

  @Test
  void dividesKeysEvenly() {
    int[] keys = new int[128];
    for (int key = 0; key < 128_000; key++) {
      keys[buckets.of("card-" + key)]++;
    }

    for (int count : keys) {
      assertThat(count).isBetween(800, 1_200);
    }
  }

  @Test
  void refusesKeysThatCannotBeToldApart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Buckets.of(DoubleCoder.of(), 8))
        .withMessageContaining("must be deterministic");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Buckets.of(ByteArrayCoder.of(), 8))
        .withMessageContaining("looked up by equals");
  }

  @Test
  void refusesANumberThatIsTooSmallOrTooLarge() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Buckets.of(StringUtf8Coder.of(), 0))
        .withMessage("the number of buckets must be from 1 to 32768, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Buckets.of(StringUtf8Coder.of(), 40_000))
        .withMessageContaining("not 40000");
  }

  @Test
  void refusesMoreWorkersThanBucketsKeepBusy() {
    buckets.checkEnoughFor(OptionalInt.of(32));
    buckets.checkEnoughFor(OptionalInt.empty());

    assertThatThrownBy(() -> buckets.checkEnoughFor(OptionalInt.of(33)))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith(
            "--parallelism is 33, too many for 128 buckets of keys; allowed: 32 at most, or 132"
                + " buckets at least, by --buckets");
    // Four times that is more than an int holds.
    assertThatThrownBy(() -> buckets.checkEnoughFor(OptionalInt.of(Integer.MAX_VALUE)))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void drainsWhatABundleHoldsOnce() {
    BundleBuffer<String, List<String>> buffer = new BundleBuffer<>(buckets);
    buffer.of("a", 20, any -> new ArrayList<>()).add("a1");
    buffer.of("b", 10, any -> new ArrayList<>()).add("b1");
    buffer.of("a", 30, any -> new ArrayList<>()).add("a2");

    List<KV<Integer, List<KV<String, List<String>>>>> drained = new ArrayList<>();
    buffer.drain(
        (batch, timestamp) -> {
          assertThat(timestamp).isEqualTo(Instant.ofEpochMilli(10));
          drained.add(batch);
        });

    assertThat(drained)
        .containsExactlyInAnyOrder(
            KV.of(buckets.of("a"), List.of(KV.of("a", List.of("a1", "a2")))),
            KV.of(buckets.of("b"), List.of(KV.of("b", List.of("b1")))));
    buffer.drain((batch, timestamp) -> assertThat(batch).describedAs("nothing is left").isNull());
  }
}
