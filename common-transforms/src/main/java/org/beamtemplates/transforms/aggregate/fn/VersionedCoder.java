package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes a byte with the version of the format before an accumulator, so that state of another
 * version is refused and not misread.
 */
final class VersionedCoder<A> extends StructuredCoder<A> {

  private static final long serialVersionUID = 1L;

  /** The only version so far, of all accumulators. */
  static final int VERSION = 1;

  private final String what;
  private final Coder<A> coder;

  private VersionedCoder(String what, Coder<A> coder) {
    this.what = what;
    this.coder = coder;
  }

  /**
   * @param what the aggregate, for the message when it cannot be read
   * @param coder writes the rest
   */
  static <A> Coder<A> of(String what, Coder<A> coder) {
    return new VersionedCoder<>(what, coder);
  }

  @Override
  public void encode(A accumulator, OutputStream out) throws IOException {
    out.write(VERSION);
    coder.encode(accumulator, out);
  }

  @Override
  public A decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException(
          version < 0
              ? "an accumulator of " + what + " ends before its first byte"
              : "an accumulator of "
                  + what
                  + " has version "
                  + version
                  + ", and this library knows version "
                  + VERSION
                  + " alone: run the version of the pipeline that wrote the state, or start without"
                  + " that state");
    }
    return coder.decode(in);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(coder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, what + " must have a deterministic coder", coder);
  }

  @Override
  public boolean consistentWithEquals() {
    return coder.consistentWithEquals();
  }

  @Override
  public Object structuralValue(A accumulator) {
    return coder.structuralValue(accumulator);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other) && ((VersionedCoder<?>) other).what.equals(what);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + what.hashCode();
  }
}
