package org.beamtemplates.transforms.enrich;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** An element of the left or of the right stream: one of the two is there. */
record Side<L, R>(@Nullable Held<L> left, @Nullable Held<R> right) {

  static <L, R> Side<L, R> left(Held<L> element) {
    return new Side<>(element, null);
  }

  static <L, R> Side<L, R> right(Held<R> element) {
    return new Side<>(null, element);
  }

  static <L, R> Coder<Side<L, R>> coder(Coder<Held<L>> leftCoder, Coder<Held<R>> rightCoder) {
    return new SideCoder<>(leftCoder, rightCoder);
  }

  private static final class SideCoder<L, R> extends StructuredCoder<Side<L, R>> {

    private static final long serialVersionUID = 1L;
    private static final int LEFT = 0;
    private static final int RIGHT = 1;

    private final Coder<Held<L>> leftCoder;
    private final Coder<Held<R>> rightCoder;

    SideCoder(Coder<Held<L>> leftCoder, Coder<Held<R>> rightCoder) {
      this.leftCoder = leftCoder;
      this.rightCoder = rightCoder;
    }

    @Override
    public void encode(Side<L, R> side, OutputStream out) throws IOException {
      if (side.left() != null) {
        out.write(LEFT);
        leftCoder.encode(side.left(), out);
      } else {
        out.write(RIGHT);
        rightCoder.encode(side.right(), out);
      }
    }

    @Override
    public Side<L, R> decode(InputStream in) throws IOException {
      int side = in.read();
      return switch (side) {
        case LEFT -> Side.left(leftCoder.decode(in));
        case RIGHT -> Side.right(rightCoder.decode(in));
        default -> throw new CoderException("a join has no side " + side);
      };
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(leftCoder, rightCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "both sides' coders must be deterministic", leftCoder, rightCoder);
    }

    @Override
    public boolean consistentWithEquals() {
      return leftCoder.consistentWithEquals() && rightCoder.consistentWithEquals();
    }

    @Override
    public Object structuralValue(Side<L, R> side) {
      return side.left() != null
          ? List.of(LEFT, leftCoder.structuralValue(side.left()))
          : List.of(RIGHT, rightCoder.structuralValue(side.right()));
    }
  }
}
