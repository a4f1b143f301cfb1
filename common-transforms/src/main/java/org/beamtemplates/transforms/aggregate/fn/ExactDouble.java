package org.beamtemplates.transforms.aggregate.fn;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.VarIntCoder;

/**
 * The exact sum of finite doubles: a fixed-point number wide enough for every one of them, in
 * digits of 32 bits. A digit is kept in 64 bits, so that carries can wait.
 *
 * <p>Digit {@code i} counts multiples of 2<sup>32 i - 1074</sup>. Not safe for several threads.
 */
final class ExactDouble {

  private static final int DIGIT_BITS = 32;
  private static final long DIGIT = 0xFFFF_FFFFL;

  /** 2^1024 times 2^63 elements, above 2^-1074, and a sign. */
  private static final int DIGITS = 69;

  private static final int LOWEST_EXPONENT = -1074;
  private static final int MANTISSA_BITS = 52;
  private static final int EXPONENT_MASK = 0x7FF;

  /** An addition puts less than 2^33 into a digit: carries cannot wait for more of them. */
  private static final int MAX_PENDING = 1 << 29;

  private final long[] digits = new long[DIGITS];
  private int pending;

  /** Adds a finite number. */
  void add(double number) {
    long bits = Double.doubleToRawLongBits(number);
    int exponent = (int) (bits >>> MANTISSA_BITS) & EXPONENT_MASK;
    long mantissa = bits & ((1L << MANTISSA_BITS) - 1);
    int shift = 0;
    if (exponent > 0) {
      mantissa |= 1L << MANTISSA_BITS;
      shift = exponent - 1;
    }
    int digit = shift / DIGIT_BITS;
    int within = shift % DIGIT_BITS;
    long lower = (mantissa & DIGIT) << within;
    long upper = (mantissa >>> DIGIT_BITS) << within;
    long sign = bits < 0 ? -1 : 1;
    digits[digit] += sign * (lower & DIGIT);
    digits[digit + 1] += sign * ((lower >>> DIGIT_BITS) + (upper & DIGIT));
    digits[digit + 2] += sign * (upper >>> DIGIT_BITS);
    if (++pending == MAX_PENDING) {
      carry(digits);
      pending = 0;
    }
  }

  /** Adds another sum, which is not changed. */
  void add(ExactDouble other) {
    carry(digits);
    long[] others = other.carried();
    for (int i = 0; i < DIGITS; i++) {
      digits[i] += others[i];
    }
    pending = 1;
  }

  /** Returns the double nearest to the sum divided by a positive number. */
  double dividedBy(long divisor) {
    long[] carried = carried();
    int lowest = lowest(carried);
    return Rounding.quotient(
        number(carried, lowest), divisor, LOWEST_EXPONENT + lowest * DIGIT_BITS);
  }

  /** Writes the lowest digit's place and the shortest two's complement of the digits above it. */
  void encode(OutputStream out) throws IOException {
    long[] carried = carried();
    int lowest = lowest(carried);
    byte[] bytes = number(carried, lowest).toByteArray();
    VarIntCoder.of().encode(lowest, out);
    VarIntCoder.of().encode(bytes.length, out);
    out.write(bytes);
  }

  static ExactDouble decode(InputStream in) throws IOException {
    int lowest = VarIntCoder.of().decode(in);
    int length = VarIntCoder.of().decode(in);
    if (lowest < 0 || length < 1 || lowest + (length + 3) / Integer.BYTES > DIGITS) {
      throw new CoderException(
          "a sum of doubles has " + DIGITS + " digits, not " + length + " bytes above digit "
              + lowest + ": the state is damaged");
    }
    byte[] bytes = new byte[length];
    new DataInputStream(in).readFully(bytes);
    ExactDouble sum = new ExactDouble();
    BigInteger number = new BigInteger(bytes);
    for (int i = lowest; i < DIGITS; i++) {
      // The top digit keeps the sign.
      sum.digits[i] = i == DIGITS - 1 ? number.longValue() : number.intValue() & DIGIT;
      number = number.shiftRight(DIGIT_BITS);
    }
    return sum;
  }

  private long[] carried() {
    long[] copy = digits.clone();
    carry(copy);
    return copy;
  }

  /** Leaves every digit but the top one between 0 and 2^32. */
  private static void carry(long[] digits) {
    long carry = 0;
    for (int i = 0; i < DIGITS - 1; i++) {
      long digit = digits[i] + carry;
      digits[i] = digit & DIGIT;
      carry = digit >> DIGIT_BITS;
    }
    digits[DIGITS - 1] += carry;
  }

  private static int lowest(long[] carried) {
    for (int i = 0; i < DIGITS; i++) {
      if (carried[i] != 0) {
        return i;
      }
    }
    return 0;
  }

  private static BigInteger number(long[] carried, int lowest) {
    byte[] bytes = new byte[(DIGITS - 1 - lowest) * Integer.BYTES + Long.BYTES];
    int at = putLong(bytes, 0, carried[DIGITS - 1]);
    for (int i = DIGITS - 2; i >= lowest; i--) {
      int digit = (int) carried[i];
      for (int shift = DIGIT_BITS - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        bytes[at++] = (byte) (digit >>> shift);
      }
    }
    return new BigInteger(bytes);
  }

  private static int putLong(byte[] bytes, int start, long value) {
    int at = start;
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[at++] = (byte) (value >>> shift);
    }
    return at;
  }
}
