package org.beamtemplates.transforms.launch;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What the chosen runner can do, so that transforms need not know which one it is. Each module of
 * runner-configs brings the answers for its runner, found by {@link ServiceLoader}; for a runner
 * that nobody speaks for, every answer is the cautious one.
 */
public interface RunnerCapabilities {

  /** Returns the answers for the runner that the options choose. */
  static RunnerCapabilities of(PipelineOptions options) {
    for (RunnerCapabilities capabilities : ServiceLoader.load(RunnerCapabilities.class)) {
      if (capabilities.appliesTo(options)) {
        return capabilities.with(options);
      }
    }
    return new UnknownRunner(options.getRunner().getSimpleName());
  }

  /** Returns whether a runner has started this launch in one of its own processes. */
  static boolean anyHostsLaunch() {
    for (RunnerCapabilities capabilities : ServiceLoader.load(RunnerCapabilities.class)) {
      if (capabilities.hostsLaunch()) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether these answers are about the runner that the options choose. */
  boolean appliesTo(PipelineOptions options);

  /**
   * Returns the answers under these options, for runners that can more or less depending on them.
   */
  default RunnerCapabilities with(PipelineOptions options) {
    return this;
  }

  /**
   * Looks at what the options say of the runner itself, such as whether a cluster answers. Asked by
   * the launcher before a job is built; may use the network for some seconds, and throws nothing.
   */
  default void preflight(PipelineOptions options, Problems problems) {}

  /** Tells what the options say of where and how a job runs. */
  default void explain(PipelineOptions options, Explanation to) {}

  /** Returns the savepoint that a job with these options goes on from, if it does. */
  default Optional<String> savepoint(PipelineOptions options) {
    return Optional.empty();
  }

  /**
   * Reports why a job cannot go on from a savepoint: it is no savepoint, or of another job, or
   * holds state that the job has no step for. May read the savepoint, wherever it is.
   *
   * @param job builds the job; nothing else uses what it gives
   */
  default void checkSavepoint(String savepoint, Supplier<Pipeline> job, Problems problems) {
    problems.add(
        "",
        "is "
            + savepoint
            + ", but on "
            + name()
            + " no savepoint can be looked at; give a saved graph (.txt)");
  }

  /**
   * Returns whether this thread runs in a process of the runner, which has called the main method
   * of the template and goes on when it returns. Asked by the launcher before options are read: the
   * process and its signals are none of its business then. A wrong no ends the process before the
   * runner has noted how the job ended, and cancels the job when the process is only moved.
   */
  default boolean hostsLaunch() {
    return false;
  }

  /** Returns the name that users know the runner by, for messages. */
  String name();

  /**
   * Returns whether an element of an unbounded source may be a batch of records. For a source that
   * batches. A wrong yes loses or doubles records after a restart, on a runner that checkpoints a
   * reader in the middle of what it has handed out; a wrong no only costs speed.
   */
  boolean batchedReading();

  /**
   * Returns whether a step with {@code @RequiresStableInput} gets the same elements again after a
   * restart. For a delivery that is exactly once. A wrong yes doubles records in the sink after a
   * restart.
   */
  boolean stableInput();

  /**
   * Returns whether map state with entries of its own, and event-time timers that hold the
   * watermark, work in a stateful step. For the aggregations and steps that keep the keys of a
   * bucket together. A wrong yes fails the job when it starts, or holds results back; a wrong no
   * only costs speed.
   */
  default boolean bucketedState() {
    return false;
  }

  /** Returns how many workers share the keys of a step, if the options tell. */
  default OptionalInt parallelism() {
    return OptionalInt.empty();
  }

  /**
   * Returns whether processing-time triggers and timers fire while input flows, as early results
   * and files of a stream need. Asked by the launcher, which refuses a stream otherwise. A wrong
   * yes holds results back until the end of the window, or for ever.
   */
  boolean processingTimeFires();

  /**
   * Returns whether unbounded sources are read. Asked by the launcher, which refuses a stream
   * otherwise. A wrong yes ends in an error of the runner's translation instead of a clear message.
   */
  boolean unboundedSources();

  /** Returns why a stream is refused, if it is: what follows the runner's name in the message. */
  default String whyNoStreams() {
    return "which is not known to read a stream";
  }

  /**
   * Starts the pipeline and returns while it runs. Asked by the launcher, which needs the result
   * early: to stop the job and to read its metrics meanwhile. A runner whose {@code run} blocks is
   * made to return here.
   */
  default PipelineResult start(Pipeline pipeline) {
    return pipeline.run();
  }

  /**
   * Stops the job for good. Asked by the launcher on a signal from the user. An exception thrown in
   * a DoFn would only restart the job.
   */
  default void stop(PipelineResult result) throws IOException {
    result.cancel();
  }
}
