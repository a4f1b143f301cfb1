package org.beamtemplates.benchmarks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job used of the processor for a record, once it was warm: between the moments at which it
 * had read {@value #FROM} and {@value #TO} of its records.
 */
final class CpuCost {

  private static final double FROM = 0.3;
  private static final double TO = 0.95;

  /**
   * What was seen at one moment.
   *
   * @param records read since the start
   * @param cpu used since the start, by all threads of the process
   */
  record Sample(long records, Duration cpu) {

    Sample {
      requireNonNull(cpu, "cpu");
    }
  }

  private final long total;
  private final List<Sample> samples = new ArrayList<>();

  /** Of a job that reads {@code total} records. */
  CpuCost(long total) {
    this.total = total;
  }

  /** Adds what is seen now; only the first of samples with an equal number of records counts. */
  void add(Sample sample) {
    if (samples.isEmpty() || samples.get(samples.size() - 1).records() < sample.records()) {
      samples.add(sample);
    }
  }

  /**
   * Returns microseconds of processor time a record.
   *
   * @throws IllegalStateException if there are too few samples to tell
   */
  double microsPerRecord() {
    List<Sample> steady =
        samples.stream()
            .filter(sample -> sample.records() >= FROM * total && sample.records() <= TO * total)
            .toList();
    if (steady.size() < 2) {
      throw new IllegalStateException(
          "The job was too fast to be measured: give it more records. " + samples);
    }
    Sample first = steady.get(0);
    Sample last = steady.get(steady.size() - 1);
    double micros = last.cpu().minus(first.cpu()).toNanos() / 1_000.0;
    return micros / (last.records() - first.records());
  }
}
