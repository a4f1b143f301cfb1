package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The value of an accumulator is a sum of the numbers in it. */
class TwoLevelCodersTest {

  private static final Counted<Long> COUNTED = new Counted<>(2, 7L);

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, Long.MAX_VALUE - 1})
  void readsBackCells(long revision) throws Exception {
    Coder<Cell<Long>> coder = Cell.coder(countedCoder());
    Cell<Long> cell = new Cell<>(revision, COUNTED);

    CoderProperties.coderDecodeEncodeEqual(coder, cell);
    CoderProperties.coderSerializable(coder);
    CoderProperties.coderDeterministic(coder, cell, cell);
  }

  @Test
  void keepsTheEncodingOfCells() throws Exception {
    // They are in checkpoints: the revision and one, the count, the accumulator.
    assertThat(
            CoderUtils.encodeToByteArray(Cell.coder(countedCoder()), new Cell<>(-1, COUNTED)))
        .containsExactly(0, 2, 7);
  }

  @Test
  @SuppressWarnings("unchecked") // a window is a window
  void readsBackBatches() throws Exception {
    Coder<?> ofIntervals = IntervalWindow.getCoder();
    Coder<?> ofGlobal = GlobalWindow.Coder.INSTANCE;
    readBack(
        (Coder<BoundedWindow>) ofIntervals,
        new IntervalWindow(Instant.ofEpochMilli(-7), Instant.ofEpochMilli(60_000)));
    readBack((Coder<BoundedWindow>) ofGlobal, GlobalWindow.INSTANCE);
  }

  private static void readBack(Coder<BoundedWindow> windowCoder, BoundedWindow window)
      throws Exception {
    Coder<WindowBatch<String, Long>> coder =
        WindowBatch.coder(windowCoder, StringUtf8Coder.of(), countedCoder());
    WindowBatch<String, Long> batch =
        new WindowBatch<>(
            window, List.of(KV.of("a", COUNTED), KV.of("b", new Counted<>(1, -1L))));

    CoderProperties.coderDecodeEncodeEqual(coder, batch);
    CoderProperties.coderDecodeEncodeEqual(coder, new WindowBatch<>(window, List.of()));
    CoderProperties.coderSerializable(coder);
    CoderProperties.coderDeterministic(coder, batch, batch);
  }

  @Test
  @SuppressWarnings("unchecked") // a window is a window
  void isAsDeterministicAsTheKeys() {
    Coder<?> ofGlobal = GlobalWindow.Coder.INSTANCE;

    assertThatThrownBy(
            () ->
                WindowBatch.coder(
                        (Coder<BoundedWindow>) ofGlobal, DoubleCoder.of(), countedCoder())
                    .verifyDeterministic())
        .isInstanceOf(NonDeterministicException.class);
  }

  private static Coder<Counted<Long>> countedCoder() {
    try {
      return new CountedFn<>(new SumFn())
          .getAccumulatorCoder(CoderRegistry.createDefault(), VarLongCoder.of());
    } catch (CannotProvideCoderException e) {
      throw new AssertionError(e);
    }
  }

  private static final class SumFn extends CombineFn<Long, Long, Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long addInput(Long sum, Long input) {
      return sum + input;
    }

    @Override
    public Long mergeAccumulators(Iterable<Long> sums) {
      long all = 0;
      for (Long sum : sums) {
        all += sum;
      }
      return all;
    }

    @Override
    public Long extractOutput(Long sum) {
      return sum;
    }

    @Override
    public Coder<Long> getAccumulatorCoder(CoderRegistry registry, Coder<Long> inputCoder) {
      return VarLongCoder.of();
    }
  }
}
