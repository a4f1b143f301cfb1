package org.beamtemplates.transforms.aggregate.fn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;

/** Combines as a runner may: in any order, merged in any tree, encoded at any moment. */
final class Trees {

  private Trees() {}

  /** One accumulator, one element after the other. */
  static <T, R> R inOneGo(CombineFn<T, ?, R> fn, List<T> elements) {
    return straight(fn, elements);
  }

  private static <T, A, R> R straight(CombineFn<T, A, R> fn, List<T> elements) {
    A accumulator = fn.createAccumulator();
    for (T element : elements) {
      accumulator = fn.addInput(accumulator, element);
    }
    return fn.extractOutput(accumulator);
  }

  /**
   * A random order, partition and merge tree, in which accumulators go through their coder now and
   * then. Checks that none of those that were merged is changed by that, or by what is done to the
   * merged one.
   */
  static <T, R> R atRandom(CombineFn<T, ?, R> fn, List<T> elements, Random random) {
    return new Tree<>(SerializableUtils.clone(fn), random).combine(elements);
  }

  /** Returns the coder of the accumulators. */
  @SuppressWarnings("unchecked") // none of the functions looks at the coder of its elements
  static <A> Coder<A> coder(CombineFn<?, A, ?> fn) {
    try {
      return ((CombineFn<Void, A, ?>) fn)
          .getAccumulatorCoder(CoderRegistry.createDefault(), VoidCoder.of());
    } catch (CannotProvideCoderException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An accumulator that was given away, and its bytes at that time, in hexadecimal. */
  private record Given<A>(A accumulator, String bytes) {}

  private static final class Tree<T, A, R> {

    private final CombineFn<T, A, R> fn;
    private final Coder<A> coder;
    private final Random random;
    private final List<Given<A>> given = new ArrayList<>();

    Tree(CombineFn<T, A, R> fn, Random random) {
      this.fn = fn;
      this.coder = coder(fn);
      this.random = random;
    }

    R combine(List<T> elements) {
      List<T> shuffled = new ArrayList<>(elements);
      Collections.shuffle(shuffled, random);
      List<A> accumulators = new ArrayList<>();
      accumulators.add(fn.createAccumulator());
      for (T element : shuffled) {
        if (random.nextInt(4) == 0) {
          accumulators.add(fn.createAccumulator());
        }
        int at = random.nextInt(accumulators.size());
        accumulators.set(at, maybeRecoded(fn.addInput(accumulators.get(at), element)));
        if (random.nextInt(6) == 0) {
          mergeSome(accumulators);
        }
      }
      while (accumulators.size() > 1) {
        mergeSome(accumulators);
      }
      R result = fn.extractOutput(maybeRecoded(fn.compact(accumulators.get(0))));
      for (Given<A> one : given) {
        assertThat(hex(one.accumulator())).as("a merged accumulator").isEqualTo(one.bytes());
      }
      return result;
    }

    private void mergeSome(List<A> accumulators) {
      Collections.shuffle(accumulators, random);
      int count = 1 + random.nextInt(Math.min(3, accumulators.size()));
      List<A> some = accumulators.subList(0, count);
      List<A> merging = List.copyOf(some);
      merging.forEach(one -> given.add(new Given<>(one, hex(one))));
      some.clear();
      accumulators.add(maybeRecoded(fn.mergeAccumulators(merging)));
    }

    private A maybeRecoded(A accumulator) {
      return random.nextBoolean() ? accumulator : decoded(bytes(accumulator));
    }

    private String hex(A accumulator) {
      return HexFormat.of().formatHex(bytes(accumulator));
    }

    private byte[] bytes(A accumulator) {
      try {
        return CoderUtils.encodeToByteArray(coder, accumulator);
      } catch (CoderException e) {
        throw new IllegalStateException(e);
      }
    }

    private A decoded(byte[] bytes) {
      try {
        return CoderUtils.decodeFromByteArray(coder, bytes);
      } catch (CoderException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
