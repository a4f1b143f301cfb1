package org.beamtemplates.transforms.launch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.JobStatus.Stage;

/**
 * Decides when a job has made too many dead letters, from what its stages count: at the first, or
 * by their share in a sliding window. Of one thread.
 */
final class DeadLetterPolicy {

  private final boolean failFast;
  private final OptionalDouble maxRate;
  private final Duration window;
  private final long minimum;
  private final Map<String, Deque<Sample>> samples = new HashMap<>();

  /** What a stage had counted at one moment. */
  private record Sample(long nanos, long in, long dead) {}

  DeadLetterPolicy(boolean failFast, OptionalDouble maxRate, Duration window, long minimum) {
    this.failFast = failFast;
    this.maxRate = maxRate;
    this.window = window;
    this.minimum = minimum;
  }

  /** Returns the policy that the options choose; empty if they choose none, or cannot. */
  static Optional<DeadLetterPolicy> of(PipelineOptions options, Class<?> type) {
    if (!DeadLetterPolicyOptions.class.isAssignableFrom(type)) {
      return Optional.empty();
    }
    DeadLetterPolicyOptions chosen = options.as(DeadLetterPolicyOptions.class);
    Double rate = chosen.getMaxDeadLetterRate();
    if (!chosen.getFailFast() && rate == null) {
      return Optional.empty();
    }
    return Optional.of(
        new DeadLetterPolicy(
            chosen.getFailFast(),
            rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
            Durations.parse(chosen.getDeadLetterRateWindow()),
            chosen.getDeadLetterRateMinimum()));
  }

  /**
   * Looks at the counters.
   *
   * @param nanos the time, by a clock that never goes back
   * @return why the job is to be stopped, as a sentence; empty if it is not
   */
  Optional<String> look(List<Stage> stages, long nanos) {
    for (Stage stage : stages) {
      Optional<String> reason = look(stage, nanos);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  private Optional<String> look(Stage stage, long nanos) {
    if (failFast && stage.dead() > 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "stage '%s' has made %,d of %,d records dead letters, and --failFast allows none",
              stage.stage(),
              stage.dead(),
              stage.in()));
    }
    return maxRate.isPresent() ? lookAtRate(stage, nanos) : Optional.empty();
  }

  private Optional<String> lookAtRate(Stage stage, long nanos) {
    Deque<Sample> kept = samples.computeIfAbsent(stage.stage(), name -> new ArrayDeque<>());
    if (kept.isEmpty()) {
      // Before it has counted anything.
      kept.add(new Sample(nanos, 0, 0));
    }
    Sample last = kept.getLast();
    if (stage.in() < last.in() || stage.dead() < last.dead()) {
      // The job has restarted, and begins to count anew.
      kept.clear();
      kept.add(new Sample(nanos, 0, 0));
    }
    kept.add(new Sample(nanos, stage.in(), stage.dead()));
    // One sample stays that is as old as the window: the rate is that of what came after it.
    Sample from = kept.removeFirst();
    while (kept.size() > 1 && nanos - kept.getFirst().nanos() >= window.toNanos()) {
      from = kept.removeFirst();
    }
    kept.addFirst(from);
    long in = stage.in() - from.in();
    long dead = stage.dead() - from.dead();
    if (in < minimum || dead <= maxRate.getAsDouble() * in) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "stage '%s' has made %,d of its last %,d records dead letters (%.1f %%, within %s), and"
                + " --maxDeadLetterRate=%s allows %.1f %%",
            stage.stage(),
            dead,
            in,
            100.0 * dead / in,
            Durations.format(window),
            maxRate.getAsDouble(),
            100 * maxRate.getAsDouble()));
  }
}
