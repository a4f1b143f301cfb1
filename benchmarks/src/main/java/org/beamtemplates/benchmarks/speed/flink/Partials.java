package org.beamtemplates.benchmarks.speed.flink;

/**
 * Totals of some cards of a bucket in a slice of time: a POJO of arrays, which Flink serializes
 * without a look at their elements' types.
 */
public final class Partials {

  public int bucket;
  public long slice;
  public String[] cards = {};
  public long[] sums = {};
  public long[] counts = {};
  public long[] maxima = {};
}
