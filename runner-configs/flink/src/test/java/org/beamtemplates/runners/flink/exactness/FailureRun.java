package org.beamtemplates.runners.flink.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.runners.flink.ShippedOptions;
import org.beamtemplates.runners.flink.exactness.Failures.FailFn;
import org.beamtemplates.runners.flink.exactness.Failures.Place;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.record.Ingested;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job on an embedded Flink that reads {@link Traffic} and fails a few times on its way, each time
 * after another checkpoint.
 *
 * <pre>{@code
 * FailureRun run = FailureRun.of(traffic, 150, 6, Backend.HEAP, folder);
 * Gathered<String> results = Gathered.of(run.failing(run.events().apply(…)));
 * run.toTheEnd();
 * }</pre>
 *
 * <p>What comes out is seen again after a restart, back to the last checkpoint: at least once.
 */
final class FailureRun {

  private static final Logger LOG = LoggerFactory.getLogger(FailureRun.class);

  private final Traffic traffic;
  private final Failures failures;
  private final Pipeline pipeline;
  private final int perSecond;

  private FailureRun(Traffic traffic, int perSecond, Failures failures, Pipeline pipeline) {
    this.traffic = traffic;
    this.perSecond = perSecond;
    this.failures = failures;
    this.pipeline = pipeline;
  }

  /**
   * Prepares a job.
   *
   * @param perSecond records of each partition in a second
   * @param times how often it is to fail; where and when comes from the traffic's seed
   * @param folder for checkpoints
   * @param more options of the job, which take precedence
   */
  static FailureRun of(
      Traffic traffic, int perSecond, int times, Backend backend, Path folder, String... more) {
    List<String> options = new ArrayList<>();
    options.add("--checkpointingInterval=1000");
    options.add("--minPauseBetweenCheckpoints=0");
    // Far more than there are failures: a restart is refused while tasks are still being cancelled.
    options.add("--numberOfExecutionRetries=1000");
    options.add("--executionRetryDelay=100");
    options.addAll(backend.options(folder));
    options.addAll(List.of(more));
    LOG.info("{} on {}, {} failures", traffic, backend, times);
    return new FailureRun(
        traffic,
        perSecond,
        Failures.plan(traffic.seed(), times),
        Pipeline.create(PipelineOptionsFactory.fromArgs(ShippedOptions.with(options)).create()));
  }

  /** Returns the traffic, behind a step that fails. */
  PCollection<Ingested<PageEvent>> events() {
    return failing(
        "FailBefore",
        pipeline.apply("Traffic", Read.from(TrafficSource.of(traffic, perSecond, failures.id()))),
        Place.ELEMENT_BEFORE,
        Place.BUNDLE_BEFORE);
  }

  /** Returns the traffic as a stream without an end, behind a step that fails. */
  PCollection<Ingested<PageEvent>> endlessEvents() {
    return failing(
        "FailBefore",
        pipeline.apply(
            "Traffic", Read.from(TrafficSource.of(traffic, perSecond, failures.id()).withoutEnd())),
        Place.ELEMENT_BEFORE,
        Place.BUNDLE_BEFORE);
  }

  /** Returns the results of the transform under test, behind a step that fails. */
  <T> PCollection<T> failing(PCollection<T> results) {
    return failing("FailAfter", results, Place.ELEMENT_AFTER, Place.BUNDLE_AFTER);
  }

  private <T> PCollection<T> failing(
      String name, PCollection<T> elements, Place atElement, Place atBundleEnd) {
    return elements
        .apply(name, ParDo.of(new FailFn<T>(failures.id(), atElement, atBundleEnd)))
        .setCoder(elements.getCoder());
  }

  /** Runs the job until all windows are closed. */
  void toTheEnd() {
    long dropped = DroppedElements.of(pipeline.run());
    assertThat(failures.left()).as("failures that were planned and have not happened").isZero();
    assertThat(dropped).as("elements that the last attempt dropped").isZero();
  }

  /** Starts a job that has no end. */
  RunningPipeline start() {
    return RunningPipeline.start(pipeline);
  }

  /** Returns how many failures are to come. */
  int failuresLeft() {
    return failures.left();
  }
}
