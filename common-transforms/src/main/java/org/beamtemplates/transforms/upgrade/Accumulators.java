package org.beamtemplates.transforms.upgrade;

import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.CombineFnBase.GlobalCombineFn;

/** The coders of what combining keeps in state. */
final class Accumulators {

  private Accumulators() {}

  @SuppressWarnings("unchecked") // The pipeline was built: the function takes these values.
  static <InputT> Coder<?> coder(
      GlobalCombineFn<InputT, ?, ?> fn, CoderRegistry registry, KvCoder<?, ?> input)
      throws CannotProvideCoderException {
    return fn.getAccumulatorCoder(registry, (Coder<InputT>) input.getValueCoder());
  }
}
