package org.beamtemplates.transforms.aggregate.fn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;

/**
 * A total order: what a comparator calls equal is ordered by its bytes, so that the same elements
 * are chosen in whatever order they come.
 */
final class ByOrder<T> implements Comparator<T>, Serializable {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // checked when the pipeline is built, as every function is
  private final Comparator<? super T> comparator;

  private final Coder<T> coder;

  /**
   * @param comparator must be serializable
   * @param coder must be deterministic
   */
  ByOrder(Comparator<? super T> comparator, Coder<T> coder) {
    if (!(comparator instanceof Serializable)) {
      throw new IllegalArgumentException(
          "the comparator must be Serializable, and "
              + comparator.getClass().getName()
              + " is not: give Comparator.naturalOrder(), or cast a lambda to SerializableComparator");
    }
    try {
      coder.verifyDeterministic();
    } catch (NonDeterministicException e) {
      throw new IllegalArgumentException(
          "elements that compare as equal are ordered by their bytes, so their coder must be"
              + " deterministic, and "
              + coder
              + " is not",
          e);
    }
    this.comparator = comparator;
    this.coder = coder;
  }

  @Override
  public int compare(T one, T other) {
    int order = comparator.compare(one, other);
    return order != 0 || one == other
        ? order
        : Arrays.compareUnsigned(bytes(one), bytes(other));
  }

  private byte[] bytes(T element) {
    try {
      return CoderUtils.encodeToByteArray(coder, element);
    } catch (CoderException e) {
      throw new IllegalStateException(
          "an element cannot be encoded with the coder it has come with", e);
    }
  }
}
