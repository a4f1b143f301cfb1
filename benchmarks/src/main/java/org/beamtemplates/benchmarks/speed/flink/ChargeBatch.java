package org.beamtemplates.benchmarks.speed.flink;

/** Charges of a card, in the order in which they came: a POJO. */
public final class ChargeBatch {
  public String card = "";

  /** Cents and time of each. */
  public long[] charges = {};
}
