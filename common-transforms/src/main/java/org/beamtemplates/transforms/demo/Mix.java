package org.beamtemplates.transforms.demo;

import java.util.random.RandomGenerator;
import org.beamtemplates.transforms.demo.TrafficRecord.Kind;

/**
 * The shares of what is not good, of all records; the rest is good.
 *
 * @param duplicate share of good records that are sent once more, such as 0.02
 * @param late share of late records that count
 * @param tooLate share of records that come too late
 * @param broken share of broken records
 */
public record Mix(double duplicate, double late, double tooLate, double broken) {

  /** 2 % duplicates, 3 % late, 1 % too late, 1 % broken. */
  public static final Mix DEFAULT = new Mix(0.02, 0.03, 0.01, 0.01);

  public Mix {
    double bad = duplicate + late + tooLate + broken;
    if (!(duplicate >= 0 && late >= 0 && tooLate >= 0 && broken >= 0 && bad < 1)) {
      throw new IllegalArgumentException(
          "shares are 0 at least and less than 1 together, not "
              + duplicate
              + ", "
              + late
              + ", "
              + tooLate
              + " and "
              + broken);
    }
  }

  Kind draw(RandomGenerator random) {
    double place = random.nextDouble();
    place -= duplicate;
    if (place < 0) {
      return Kind.DUPLICATE;
    }
    place -= late;
    if (place < 0) {
      return Kind.LATE;
    }
    place -= tooLate;
    if (place < 0) {
      return Kind.TOO_LATE;
    }
    return place < broken ? Kind.BROKEN : Kind.GOOD;
  }
}
