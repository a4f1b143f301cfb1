package org.beamtemplates.benchmarks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job used of the processor for a record, once it was warm: between the moments at which it
 * had read {@value #FROM} and {@value #TO} of its records.
 */
public final class CpuCost {

  private static final double FROM = 0.3;
  private static final double TO = 0.95;

  /**
   * What was seen at one moment.
   *
   * @param records read since the start
   * @param cpu used since the start, by all threads of the process
   * @param elapsed time since the start
   */
  public record Sample(long records, Duration cpu, Duration elapsed) {

    public Sample {
      requireNonNull(cpu, "cpu");
      requireNonNull(elapsed, "elapsed");
    }
  }

  private final long total;
  private final List<Sample> samples = new ArrayList<>();

  /** Of a job that reads {@code total} records. */
  public CpuCost(long total) {
    this.total = total;
  }

  /** Adds what is seen now; only the first of samples with an equal number of records counts. */
  public void add(Sample sample) {
    if (samples.isEmpty() || samples.get(samples.size() - 1).records() < sample.records()) {
      samples.add(sample);
    }
  }

  /**
   * Returns microseconds of processor time a record.
   *
   * @throws IllegalStateException if there are too few samples to tell
   */
  public double microsPerRecord() {
    Sample first = first();
    Sample last = last();
    return micros(first.cpu(), last.cpu()) / (last.records() - first.records());
  }

  /**
   * Returns records a second of the clock.
   *
   * @throws IllegalStateException if there are too few samples to tell
   */
  public double recordsPerSecond() {
    Sample first = first();
    Sample last = last();
    double micros = micros(first.elapsed(), last.elapsed());
    return (last.records() - first.records()) / micros * 1_000_000;
  }

  private Sample first() {
    return steady().get(0);
  }

  private Sample last() {
    List<Sample> steady = steady();
    return steady.get(steady.size() - 1);
  }

  private List<Sample> steady() {
    List<Sample> steady =
        samples.stream()
            .filter(sample -> sample.records() >= FROM * total && sample.records() <= TO * total)
            .toList();
    if (steady.size() < 2) {
      throw new IllegalStateException(
          "The job was too fast to be measured: give it more records. " + samples);
    }
    return steady;
  }

  private static double micros(Duration from, Duration to) {
    return to.minus(from).toNanos() / 1_000.0;
  }
}
