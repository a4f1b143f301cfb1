package org.beamtemplates.transforms.aggregate.fn;

import java.math.BigInteger;

/** From exact numbers to the nearest double. */
final class Rounding {

  private static final int MANTISSA_BITS = 53;
  private static final int LOWEST_EXPONENT = -1074;

  /** More bits than a mantissa: those below it decide which way is nearer. */
  private static final int QUOTIENT_BITS = 65;

  private Rounding() {}

  /**
   * Returns the double nearest to {@code number / divisor * 2^exponent}, ties to even; infinite
   * beyond the range.
   *
   * @param divisor positive
   */
  static double quotient(BigInteger number, long divisor, int exponent) {
    if (number.signum() == 0) {
      return 0;
    }
    BigInteger by = BigInteger.valueOf(divisor);
    int more = Math.max(0, QUOTIENT_BITS - number.bitLength() + by.bitLength());
    BigInteger[] parts = number.abs().shiftLeft(more).divideAndRemainder(by);
    BigInteger quotient = parts[0];
    int scale = exponent - more;
    // Rounded once, to a multiple of the last place; scaling that is exact.
    int lastPlace = Math.max(quotient.bitLength() - MANTISSA_BITS + scale, LOWEST_EXPONENT);
    int drop = lastPlace - scale;
    BigInteger kept = quotient.shiftRight(drop);
    boolean half = quotient.testBit(drop - 1);
    boolean beyondHalf = parts[1].signum() != 0 || quotient.getLowestSetBit() < drop - 1;
    if (half && (beyondHalf || kept.testBit(0))) {
      kept = kept.add(BigInteger.ONE);
    }
    double magnitude = Math.scalb(kept.doubleValue(), lastPlace);
    return number.signum() < 0 ? -magnitude : magnitude;
  }
}
