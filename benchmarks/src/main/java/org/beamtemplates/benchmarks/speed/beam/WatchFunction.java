package org.beamtemplates.benchmarks.speed.beam;

import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.benchmarks.speed.CardHistory;
import org.beamtemplates.transforms.state.StateFunction;
import org.beamtemplates.transforms.state.Transition;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The two rules of W6. */
final class WatchFunction implements StateFunction<Charge, CardHistory, Alert> {

  private static final long serialVersionUID = 1L;

  @Override
  public Transition<CardHistory, Alert> apply(
      @Nullable CardHistory state, Charge charge, long timeMillis) {
    CardHistory history = state == null ? CardHistory.none() : state;
    CardHistory next = history.with(charge.cents(), timeMillis);
    boolean high = CardHistory.isHigh(history.average(), history.count(), charge.cents());
    boolean burst = CardHistory.isBurst(next.count(), next.times());
    if (!high && !burst) {
      return Transition.to(next);
    }
    long value = CardHistory.sum(next.cents());
    List<Alert> alerts = new ArrayList<>(2);
    if (high) {
      alerts.add(new Alert(charge.card(), timeMillis, CardHistory.HIGH, value));
    }
    if (burst) {
      alerts.add(new Alert(charge.card(), timeMillis, CardHistory.BURST, value));
    }
    return Transition.to(next, alerts);
  }
}
