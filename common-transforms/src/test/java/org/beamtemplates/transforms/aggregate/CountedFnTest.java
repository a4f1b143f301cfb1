package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.CombineFnTester;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class CountedFnTest {

  private final CountedFn<Integer, int[], Integer> sum = new CountedFn<>(Sum.ofIntegers());

  @Test
  void countsAndCombinesInWhateverOrderAndParts() {
    CombineFnTester.testCombineFn(sum, Arrays.asList(5, 0, -3, 7, 1), KV.of(5L, 10));
    CombineFnTester.testCombineFn(sum, Arrays.asList(0), KV.of(1L, 0));
  }

  @Test
  void countsNothingForAPaneWithoutElements() {
    assertThat(sum.extractOutput(sum.createAccumulator())).isEqualTo(KV.of(0L, 0));
    assertThat(
            sum.extractOutput(
                sum.mergeAccumulators(List.of(sum.createAccumulator(), sum.createAccumulator()))))
        .isEqualTo(KV.of(0L, 0));
  }

  @Test
  void writesAccumulatorsThatReadBack() throws Exception {
    Coder<CountedFn.Counted<int[]>> coder =
        sum.getAccumulatorCoder(CoderRegistry.createDefault(), VarIntCoder.of());
    CountedFn.Counted<int[]> accumulator = sum.addInput(sum.createAccumulator(), 42);

    CountedFn.Counted<int[]> copy = org.apache.beam.sdk.util.CoderUtils.clone(coder, accumulator);

    assertThat(sum.extractOutput(copy)).isEqualTo(KV.of(1L, 42));
    CoderProperties.coderSerializable(coder);
  }

  @Test
  void givesNoResultForAPaneWithoutElements(TestPipeline pipeline) {
    PAssert.that(
            pipeline
                .apply(
                    Create.of(KV.of("none", KV.of(0L, 0L)), KV.of("some", KV.of(2L, 0L)))
                        .withCoder(
                            KvCoder.of(
                                StringUtf8Coder.of(),
                                KvCoder.of(VarLongCoder.of(), VarLongCoder.of()))))
                .apply(ParDo.of(new ToResultFn<String, Long>()))
                .setCoder(WindowResult.coder(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply(MapElements.into(TypeDescriptors.strings()).via(WindowResult::key)))
        .containsInAnyOrder("some");
    pipeline.run();
  }
}
