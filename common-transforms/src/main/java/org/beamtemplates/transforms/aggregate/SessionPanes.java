package org.beamtemplates.transforms.aggregate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;

/**
 * What becomes of the sessions of a key: the rules of Beam's session windows with a trigger at the
 * end of the window, as functions from lists to new lists. Sessions of a key are in the order of
 * time and do not overlap.
 */
final class SessionPanes<AccumT> implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Takes the panes of a key. */
  @FunctionalInterface
  interface Receiver<AccumT> {

    /**
     * Takes a pane.
     *
     * @param session before the pane
     * @param last whether no other pane of its window can follow
     */
    void pane(KeptSession<AccumT> session, Timing timing, boolean last);
  }

  private final CombineFn<?, AccumT, ?> combineFn;
  private final SessionTimes times;
  private final boolean accumulating;

  SessionPanes(CombineFn<?, AccumT, ?> combineFn, SessionTimes times, boolean accumulating) {
    this.combineFn = combineFn;
    this.times = times;
    this.accumulating = accumulating;
  }

  /**
   * Gives sessions that the watermark has passed their pane, and leaves out those it has closed.
   */
  List<KeptSession<AccumT>> pass(
      List<KeptSession<AccumT>> sessions, long watermarkMillis, Receiver<AccumT> receiver) {
    return eachOpen(
        sessions,
        watermarkMillis,
        session -> {
          if (session.ended() || !SessionTimes.hasEnded(session, watermarkMillis)) {
            return session;
          }
          if (accumulating || session.changed()) {
            return fire(session, Timing.ON_TIME, watermarkMillis, receiver);
          }
          // Nothing came since the last early pane. Beam makes an empty pane here, and numbers it.
          return session.afterPane(session.accumulator(), true);
        });
  }

  /**
   * Merges sessions with those that they overlap. A window that is new starts afresh: its panes are
   * numbered from 0, and it has its end before it even if a part of it has had it.
   */
  List<KeptSession<AccumT>> merge(List<KeptSession<AccumT>> sessions, List<Session<AccumT>> come) {
    List<KeptSession<AccumT>> merged = new ArrayList<>(sessions);
    for (Session<AccumT> session : come) {
      int first = Span.firstEndingAfter(merged, session.startMillis());
      int next = Span.lastOverlapping(merged, first, session.endMillis());
      KeptSession<AccumT> whole = merge(merged.subList(first, next), session);
      merged.subList(first, next).clear();
      merged.add(first, whole);
    }
    return merged;
  }

  private KeptSession<AccumT> merge(List<KeptSession<AccumT>> touched, Session<AccumT> session) {
    if (touched.isEmpty()) {
      return KeptSession.fresh(session.startMillis(), session.endMillis(), session.accumulator());
    }
    KeptSession<AccumT> earliest = touched.get(0);
    long start = Math.min(session.startMillis(), earliest.startMillis());
    long end = Math.max(session.endMillis(), touched.get(touched.size() - 1).endMillis());
    AccumT accumulator = merge(touched, session.accumulator());
    return start == earliest.startMillis() && end == earliest.endMillis()
        ? earliest.with(accumulator)
        : KeptSession.fresh(start, end, accumulator);
  }

  private AccumT merge(List<KeptSession<AccumT>> touched, AccumT come) {
    List<AccumT> all = new ArrayList<>(touched.size() + 2);
    // The one that may be changed: the others belong to the state, and to the element.
    all.add(combineFn.createAccumulator());
    touched.forEach(session -> all.add(session.accumulator()));
    all.add(come);
    return combineFn.mergeAccumulators(all);
  }

  /** Gives sessions that have changed after the watermark had passed them a pane at once. */
  List<KeptSession<AccumT>> correct(
      List<KeptSession<AccumT>> sessions, long watermarkMillis, Receiver<AccumT> receiver) {
    return eachOpen(
        sessions,
        watermarkMillis,
        session ->
            session.changed() && SessionTimes.hasEnded(session, watermarkMillis)
                ? fire(session, Timing.LATE, watermarkMillis, receiver)
                : session);
  }

  /** Gives sessions that have changed a pane before their end. */
  List<KeptSession<AccumT>> early(
      List<KeptSession<AccumT>> sessions, long watermarkMillis, Receiver<AccumT> receiver) {
    return eachOpen(
        sessions,
        watermarkMillis,
        session ->
            session.changed() ? fire(session, Timing.EARLY, watermarkMillis, receiver) : session);
  }

  private List<KeptSession<AccumT>> eachOpen(
      List<KeptSession<AccumT>> sessions,
      long watermarkMillis,
      UnaryOperator<KeptSession<AccumT>> change) {
    List<KeptSession<AccumT>> open = new ArrayList<>(sessions.size());
    for (KeptSession<AccumT> session : sessions) {
      KeptSession<AccumT> changed = change.apply(session);
      if (!times.isClosed(changed.endMillis(), watermarkMillis)) {
        open.add(changed);
      }
    }
    return open;
  }

  private KeptSession<AccumT> fire(
      KeptSession<AccumT> session, Timing timing, long watermarkMillis, Receiver<AccumT> receiver) {
    receiver.pane(session, timing, times.isClosed(session.endMillis(), watermarkMillis));
    return session.afterPane(
        accumulating ? session.accumulator() : combineFn.createAccumulator(),
        timing != Timing.EARLY);
  }
}
