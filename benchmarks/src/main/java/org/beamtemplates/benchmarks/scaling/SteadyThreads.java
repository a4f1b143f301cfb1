package org.beamtemplates.benchmarks.scaling;

import java.util.Map;
import org.beamtemplates.benchmarks.speed.ThreadTimes;

/** What threads used between two moments at which a job was warm and was not at its end. */
final class SteadyThreads {

  private static final double FROM = 0.3;
  private static final double TO = 0.95;

  private final long total;
  private Moment first = new Moment(0, new ThreadTimes(Map.of()));
  private Moment last = first;

  private record Moment(long records, ThreadTimes threads) {}

  /** Of a job that reads {@code total} records. */
  SteadyThreads(long total) {
    this.total = total;
  }

  /** Sees what was read and used so far, at the same moment. */
  void see(long records, ThreadTimes threads) {
    if (records < FROM * total || records > TO * total) {
      return;
    }
    last = new Moment(records, threads);
    if (first.records() == 0) {
      first = last;
    }
  }

  /** Returns the difference. */
  SubtaskLoad load() {
    return SubtaskLoad.of(last.threads().since(first.threads()), last.records() - first.records());
  }
}
