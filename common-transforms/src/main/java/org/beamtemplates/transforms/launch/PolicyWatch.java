package org.beamtemplates.transforms.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.PipelineResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches a job by its policy, and stops it. All of it is done by one thread of its own. */
final class PolicyWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
  private static final Duration EVERY = Duration.ofMillis(500);

  /** In which the bundle ends that the dead letters are in, and their sink has them. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final DeadLetterPolicy policy;
  private final RunningJob job;
  private final StageReader reader = new StageReader();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(PolicyWatch::daemon);
  private final ScheduledFuture<?> repetition;
  private volatile Optional<String> reason = Optional.empty();

  private PolicyWatch(DeadLetterPolicy policy, RunningJob job) {
    this.policy = policy;
    this.job = job;
    this.repetition =
        thread.scheduleWithFixedDelay(
            this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  static PolicyWatch start(DeadLetterPolicy policy, RunningJob job) {
    return new PolicyWatch(policy, job);
  }

  /** Looks once more, at the counters of the end; returns why the job is to be stopped, if so. */
  Optional<String> end() {
    repetition.cancel(false);
    thread.shutdown();
    try {
      if (thread.awaitTermination(GRACE.toSeconds() * 5, TimeUnit.SECONDS) && reason.isEmpty()) {
        judge();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return reason;
  }

  private void look() {
    if (reason.isEmpty()) {
      judge();
      if (reason.isPresent()) {
        stop();
      }
    }
  }

  private void judge() {
    Optional<PipelineResult> result = job.result();
    if (result.isPresent()) {
      reason = policy.look(reader.read(result.get()), System.nanoTime());
    }
  }

  private void stop() {
    try {
      TimeUnit.NANOSECONDS.sleep(GRACE.toNanos());
      job.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.error("The job could not be stopped: {}", reason.orElse(""), e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "dead-letter-policy");
    thread.setDaemon(true);
    return thread;
  }
}
