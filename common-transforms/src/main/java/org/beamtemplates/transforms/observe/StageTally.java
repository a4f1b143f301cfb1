package org.beamtemplates.transforms.observe;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Counts the records of a stage in fields, and tells its {@link StageCounters} of many at once:
 * Beam finds a counter by its name for each increment. For steps that do several records in one
 * call, which must {@link #publish} before it ends. What a failed call has counted is told with the
 * next one, if there is one. Not safe for use by several threads.
 */
public final class StageTally implements Serializable {

  private static final long serialVersionUID = 1L;

  private final StageCounters counters;
  private transient long in;
  private transient long out;
  private transient long dead;
  private transient long duplicate;
  private transient long late;

  private StageTally(StageCounters counters) {
    this.counters = requireNonNull(counters, "counters");
  }

  /** Counts for the counters of a stage; for its name see {@link StageCounters#of}. */
  public static StageTally of(String stage) {
    return new StageTally(StageCounters.of(stage));
  }

  /** Counts a record that entered the stage. */
  public void in() {
    in++;
  }

  /** Counts assignments to windows that entered the stage. */
  public void in(long assignments) {
    in += assignments;
  }

  /** Counts a record that the stage passed on. */
  public void out() {
    out++;
  }

  /** Counts assignments to windows that the stage passed on. */
  public void out(long assignments) {
    out += assignments;
  }

  /** Counts a record that became a dead letter for another reason than being late. */
  public void dead() {
    dead++;
  }

  /** Counts a record that was a duplicate of an earlier one. */
  public void duplicate() {
    duplicate++;
  }

  /** Counts a (record, window) assignment that was too late. */
  public void late() {
    late++;
  }

  /** Tells the stage's counters, and begins anew. */
  public void publish() {
    counters.in(in);
    counters.out(out);
    counters.dead(dead);
    counters.duplicate(duplicate);
    counters.late(late);
    in = 0;
    out = 0;
    dead = 0;
    duplicate = 0;
    late = 0;
  }
}
