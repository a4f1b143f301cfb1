package org.beamtemplates.transforms.aggregate.fn;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;

/** What the coders of sketches have in common. */
final class Sketches {

  private Sketches() {}

  static NonDeterministicException nonDeterministic(Coder<?> coder) {
    return new NonDeterministicException(
        coder, "equal sketches that were filled in another order can differ in their bytes");
  }

  static double[] checkedRanks(double... ranks) {
    if (ranks.length == 0) {
      throw new IllegalArgumentException("name one rank at least, such as 0.5 for the median");
    }
    for (double rank : ranks) {
      if (!(rank >= 0 && rank <= 1)) {
        throw new IllegalArgumentException("a rank is between 0 and 1, not " + rank);
      }
    }
    return ranks.clone();
  }
}
