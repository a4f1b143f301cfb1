package org.beamtemplates.runners.flink;

import java.lang.reflect.Field;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.runners.flink.FlinkDetachedRunnerResult;
import org.apache.beam.runners.flink.metrics.FlinkMetricContainer;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.util.ExceptionUtils;
import org.joda.time.Duration;

/**
 * A Flink job that can be stopped and waited for while it runs, and knows its metrics after its
 * end. Beam's own result of a detached job asks the cluster for everything; an embedded one is gone
 * once the job has ended, and its metrics with it.
 */
final class FlinkJob implements PipelineResult {

  private static final long CLIENT_TIMEOUT_SECONDS = 10;

  private final JobClient client;
  private final CompletableFuture<JobExecutionResult> end;

  private FlinkJob(JobClient client) {
    this.client = client;
    this.end = client.getJobExecutionResult();
  }

  static FlinkJob of(FlinkDetachedRunnerResult result) {
    return new FlinkJob(clientOf(result));
  }

  @Override
  public State getState() {
    if (!end.isDone()) {
      return State.RUNNING;
    }
    try {
      end.join();
      return State.DONE;
    } catch (RuntimeException e) {
      return isCancellation(e) ? State.CANCELLED : State.FAILED;
    }
  }

  @Override
  public State cancel() {
    if (!end.isDone()) {
      await(client.cancel());
    }
    return getState();
  }

  /** Waits for the end; throws the cause if the job failed. */
  @Override
  public State waitUntilFinish() {
    return waitUntilFinish(Duration.millis(Long.MAX_VALUE));
  }

  /** Waits for the end, but not longer than this; throws the cause if the job failed. */
  @Override
  public State waitUntilFinish(Duration patience) {
    try {
      end.get(patience.getMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return State.RUNNING;
    } catch (ExecutionException e) {
      if (!isCancellation(e)) {
        throw new IllegalStateException("The Flink job failed", e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the Flink job", e);
    }
    return getState();
  }

  /**
   * Returns attempted values. At the end of a job that is done they are complete; before, and of a
   * job that failed or was cancelled, they are the counters that {@link LiveCounters} has seen, on
   * an embedded Flink that is configured to report to it, and none elsewhere.
   */
  @Override
  public MetricResults metrics() {
    return MetricsContainerStepMap.asAttemptedOnlyMetricResults(
        getState() == State.DONE ? finalMetrics() : LiveCounters.of(client.getJobID().toString()));
  }

  private MetricsContainerStepMap finalMetrics() {
    return end.join().getAllAccumulatorResults().get(FlinkMetricContainer.ACCUMULATOR_NAME)
            instanceof MetricsContainerStepMap metrics
        ? metrics
        : new MetricsContainerStepMap();
  }

  private static boolean isCancellation(Throwable thrown) {
    return ExceptionUtils.findThrowable(thrown, JobCancellationException.class).isPresent();
  }

  private static <T> T await(CompletableFuture<T> answer) {
    return answer.orTimeout(CLIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Beam keeps the client to itself. A test runs this with every new version of Beam. */
  private static JobClient clientOf(FlinkDetachedRunnerResult result) {
    try {
      Field client = FlinkDetachedRunnerResult.class.getDeclaredField("jobClient");
      client.setAccessible(true);
      return (JobClient) client.get(result);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This version of Beam hides Flink's client elsewhere", e);
    }
  }
}
