package org.beamtemplates.runners.flink.exactness;

import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When and where a job has to fail: a given number of times, each at a random moment after a
 * checkpoint that is newer than the failure before it. An embedded Flink works in this JVM, so the
 * plan outlives the job's restarts.
 */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final Map<String, Failures> PLANS = new ConcurrentHashMap<>();
  private static final long LONGEST_WAIT_NANOS = 3_000_000_000L;

  /** Where a job can fail. */
  enum Place {
    /** At an element, before the transform under test. */
    ELEMENT_BEFORE,
    /** At the end of a bundle, before the transform under test. */
    BUNDLE_BEFORE,
    /** At an element, after the transform under test. */
    ELEMENT_AFTER,
    /** At the end of a bundle, after the transform under test. */
    BUNDLE_AFTER
  }

  /** What the job fails with. */
  static final class InjectedFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InjectedFailure(String message) {
      super(message);
    }
  }

  private final String id = UUID.randomUUID().toString();
  private final Random random;
  private final int planned;
  private int happened;
  private int marks;
  private boolean armed;
  private Place place = Place.ELEMENT_BEFORE;
  private long dueNanos;

  private Failures(long seed, int planned) {
    this.random = new Random(seed);
    this.planned = planned;
  }

  /** Plans failures for a job. */
  static Failures plan(long seed, int times) {
    Failures failures = new Failures(seed, times);
    PLANS.put(failures.id, failures);
    return failures;
  }

  /** Returns the plan of a job that runs in this JVM. */
  static Failures of(String id) {
    return PLANS.get(id);
  }

  String id() {
    return id;
  }

  /**
   * A reader hears that a checkpoint is complete: from now on the job can fail without beginning
   * from the start.
   */
  synchronized void checkpointCompleted() {
    marks++;
    if (!armed && happened < planned) {
      armed = true;
      place = Place.values()[random.nextInt(Place.values().length)];
      dueNanos = System.nanoTime() + random.nextLong(LONGEST_WAIT_NANOS);
    }
  }

  /** Fails if it is time to, here. */
  synchronized void failIfDue(Place here) {
    if (armed && here == place && System.nanoTime() - dueNanos >= 0) {
      armed = false;
      happened++;
      String message = "failure " + happened + " of " + planned + ", " + here;
      LOG.info("{}, after {} completed marks of readers", message, marks);
      throw new InjectedFailure(message);
    }
  }

  /** Returns how many failures have not happened yet. */
  synchronized int left() {
    return planned - happened;
  }

  /** Passes elements on, and fails when it is time to. */
  static final class FailFn<T> extends DoFn<T, T> {

    private static final long serialVersionUID = 1L;

    private final String plan;
    private final Place atElement;
    private final Place atBundleEnd;

    FailFn(String plan, Place atElement, Place atBundleEnd) {
      this.plan = plan;
      this.atElement = atElement;
      this.atBundleEnd = atBundleEnd;
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> output) {
      Failures.of(plan).failIfDue(atElement);
      output.output(element);
    }

    @FinishBundle
    public void finishBundle() {
      Failures.of(plan).failIfDue(atBundleEnd);
    }
  }
}
