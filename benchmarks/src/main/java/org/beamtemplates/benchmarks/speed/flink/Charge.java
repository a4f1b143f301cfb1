package org.beamtemplates.benchmarks.speed.flink;

/**
 * What is needed of a payment behind its decoding: a POJO, which Flink serializes field by field.
 */
public final class Charge {

  public String card = "";
  public long cents;
  public long time;
}
