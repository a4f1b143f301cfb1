package org.beamtemplates.transforms.aggregate.fn;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * A whole number of 128 bits in two's complement: the sum of longs, exact for any number of them
 * that can be counted.
 *
 * @param high upper 64 bits
 * @param low lower 64 bits
 */
record Int128(long high, long low) {

  static final Int128 ZERO = new Int128(0, 0);
  private static final int BYTES = 2 * Long.BYTES;

  Int128 plus(long value) {
    return plus(value >> 63, value);
  }

  Int128 plus(Int128 other) {
    return plus(other.high, other.low);
  }

  private Int128 plus(long otherHigh, long otherLow) {
    long sum = low + otherLow;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Int128(high + otherHigh + carry, sum);
  }

  boolean isLong() {
    return high == low >> 63;
  }

  /** Returns the nearest long: the number itself, or the end of the range. */
  long clamped() {
    if (isLong()) {
      return low;
    }
    return high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  BigInteger toBigInteger() {
    BigInteger lower = new BigInteger(Long.toUnsignedString(low));
    return isLong()
        ? BigInteger.valueOf(low)
        : BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(lower);
  }

  static Int128 of(BigInteger number) {
    return new Int128(number.shiftRight(Long.SIZE).longValue(), number.longValue());
  }

  static AtomicCoder<Int128> coder() {
    return Int128Coder.INSTANCE;
  }

  /** Writes the number of bytes, then the shortest two's complement, 17 bytes in all at most. */
  private static final class Int128Coder extends AtomicCoder<Int128> {

    private static final long serialVersionUID = 1L;
    private static final Int128Coder INSTANCE = new Int128Coder();

    @Override
    public void encode(Int128 number, OutputStream out) throws IOException {
      byte[] bytes = number.toBigInteger().toByteArray();
      out.write(bytes.length);
      out.write(bytes);
    }

    @Override
    public Int128 decode(InputStream in) throws IOException {
      int length = in.read();
      if (length < 1 || length > BYTES) {
        throw new CoderException(
            "a sum has 1 to " + BYTES + " bytes, not " + length + ": the state is damaged");
      }
      byte[] bytes = new byte[length];
      new DataInputStream(in).readFully(bytes);
      return of(new BigInteger(bytes));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
