package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.PipelineResult;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.observe.Accounting.Stage;

/**
 * Holds the accounting of a run against what a test expects.
 *
 * <pre>{@code
 * assertAccounting(pipeline.run())
 *     .balances()
 *     .dropsNothing()
 *     .stage("ingest").in(10).out(9).dead(1).nothingElse();
 * }</pre>
 *
 * <p>Counters are attempted values: for runs without failures. A failure shows the whole table.
 */
public final class AccountingCheck {

  private final Accounting accounting;
  private final long dropped;

  private AccountingCheck(Accounting accounting, long dropped) {
    this.accounting = requireNonNull(accounting, "accounting");
    this.dropped = dropped;
  }

  /** Checks a job that has ended. */
  public static AccountingCheck assertAccounting(PipelineResult result) {
    return new AccountingCheck(Accounting.of(result.metrics()), DroppedElements.of(result));
  }

  /** Checks what a job that runs has counted so far. */
  public static AccountingCheck assertAccounting(RunningPipeline job) {
    return new AccountingCheck(job.accounting(), job.dropped());
  }

  /** In every stage, every record is accounted for; and there is a stage. */
  public AccountingCheck balances() {
    if (accounting.stages().isEmpty()) {
      throw new AssertionError("No stage has counted anything.");
    }
    if (!accounting.balances()) {
      throw new AssertionError("The accounting does not add up:\n" + accounting);
    }
    return this;
  }

  /** Beam has dropped nothing as late: what was late is an output. */
  public AccountingCheck dropsNothing() {
    if (dropped != 0) {
      throw new AssertionError(
          "Beam has dropped "
              + dropped
              + " elements as late or for a closed window, and nothing gives them back:\n"
              + accounting);
    }
    return this;
  }

  /** Looks at a stage; it must have counted something. */
  public OfStage stage(String name) {
    if (accounting.stages().stream().noneMatch(stage -> stage.stage().equals(name))) {
      throw new AssertionError(
          "No stage " + name + " has counted anything. All stages:\n" + accounting);
    }
    return new OfStage(accounting.stage(name));
  }

  /** The counters of one stage. */
  public final class OfStage {

    private final Stage stage;
    private final Set<String> named = new HashSet<>();

    private OfStage(Stage stage) {
      this.stage = stage;
    }

    /** So many records entered. */
    public OfStage in(long count) {
      return has("in", Stage::in, count);
    }

    /** So many were passed on. */
    public OfStage out(long count) {
      return has("out", Stage::out, count);
    }

    /** So many became dead letters, late ones aside. */
    public OfStage dead(long count) {
      return has("dead", Stage::dead, count);
    }

    /** So many were left out on purpose. */
    public OfStage filtered(long count) {
      return has("filtered", Stage::filtered, count);
    }

    /** So many were duplicates. */
    public OfStage duplicate(long count) {
      return has("duplicate", Stage::duplicate, count);
    }

    /** So many (record, window) assignments were too late. */
    public OfStage late(long count) {
      return has("late", Stage::late, count);
    }

    /** All counters that have not been named are 0. */
    public OfStage nothingElse() {
      zero("in", Stage::in);
      zero("out", Stage::out);
      zero("dead", Stage::dead);
      zero("filtered", Stage::filtered);
      zero("duplicate", Stage::duplicate);
      zero("late", Stage::late);
      return this;
    }

    /** Looks at another stage. */
    public OfStage stage(String name) {
      return AccountingCheck.this.stage(name);
    }

    private void zero(String name, ToLongFunction<Stage> counter) {
      if (!named.contains(name)) {
        has(name, counter, 0);
      }
    }

    private OfStage has(String name, ToLongFunction<Stage> counter, long count) {
      named.add(name);
      long found = counter.applyAsLong(stage);
      if (found != count) {
        throw new AssertionError(
            stage.stage()
                + "."
                + name
                + " should be "
                + count
                + " but is "
                + found
                + ":\n"
                + accounting);
      }
      return this;
    }
  }
}
