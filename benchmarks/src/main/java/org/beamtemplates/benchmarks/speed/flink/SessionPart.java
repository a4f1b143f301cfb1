package org.beamtemplates.benchmarks.speed.flink;

/** Some charges of a card that are in the same session: a POJO. */
public final class SessionPart {
  public String card = "";
  public long first;
  public long last;
  public long sum;
  public long count;
}
