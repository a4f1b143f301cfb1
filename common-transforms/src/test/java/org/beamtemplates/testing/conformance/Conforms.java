package org.beamtemplates.testing.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks tests that run again on each runner, and names what they prove there: a line of the table
 * of conformance. On a method it stands before that of the class.
 *
 * <p>What a test needs of a runner is said by tags: {@value #UNBOUNDED}, {@value #KAFKA}, {@value
 * #PROCESSING_TIME}, {@value #ARRIVAL_ORDER}, {@value #LATE_DATA}, {@value #STABLE_INPUT}. On a
 * runner that lacks it, by {@link Gaps}, the test is skipped with the reason, which the table
 * repeats.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag(Conforms.TAG)
public @interface Conforms {

  /** Tag of all tests of conformance. */
  String TAG = "conformance";

  /** Tag of tests that read a stream. */
  String UNBOUNDED = "unbounded";

  /** Tag of tests that ask a job for its counters while it runs. */
  String LIVE_COUNTERS = "live-counters";

  /** Tag of tests that start a broker of Kafka. */
  String KAFKA = "kafka";

  /** Tag of tests in which several jobs of one JVM run at the same time. */
  String JOBS_AT_ONCE = "jobs-at-once";

  /** Tag of tests that advance processing time in a TestStream. */
  String PROCESSING_TIME = "processing-time";

  /**
   * Tag of tests in which elements that come by different ways reach a step in the order of the
   * TestStream.
   */
  String ARRIVAL_ORDER = "arrival-order";

  /** Tag of tests that say which elements are late. */
  String LATE_DATA = "late-data";

  /** Tag of tests of steps that must get the same elements again after a failure. */
  String STABLE_INPUT = "stable-input";

  /** The template, or the part of the library. */
  String subject();

  /** What the test proves of it, in a few words. */
  String capability();

  /** The config that it proves it on, if that is another than the one of its JVM's tests. */
  String on() default "";
}
