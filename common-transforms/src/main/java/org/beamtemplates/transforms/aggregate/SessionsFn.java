package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.HighestWatermark;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Keeps the sessions of a bucket's keys and gives their panes.
 *
 * <p>What is due of a key is done before anything else happens to it, so that its panes do not
 * depend on when the timer fires: the timer only bounds how late they are.
 */
final class SessionsFn<K, AccumT, R>
    extends DoFn<KV<Integer, List<KV<K, List<Session<AccumT>>>>>, WindowResult<K, R>> {

  private static final long serialVersionUID = 1L;

  private static final String SESSIONS = "sessions";
  private static final String AGENDA = "agenda";
  private static final String POSITION = "position";
  private static final String CHANGED = "changed";
  private static final String EARLY_SET = "early-set";
  private static final String HIGHEST = "highest";
  private static final String WATERMARK = "watermark";
  private static final String EARLY = "early";

  private final CombineFn<?, AccumT, R> combineFn;
  private final SessionTimes times;
  private final SessionPanes<AccumT> panes;
  private final @Nullable Duration earlyEvery;

  @StateId(SESSIONS)
  private final StateSpec<MapState<K, SessionsOfKey<AccumT>>> sessionsSpec;

  @StateId(AGENDA)
  private final StateSpec<MapState<Long, List<K>>> agendaSpec;

  @StateId(POSITION)
  private final StateSpec<ValueState<KV<Long, Long>>> positionSpec =
      StateSpecs.value(Agenda.positionCoder());

  /** Keys that are not in an early pane yet as they are; only for early panes. */
  @StateId(CHANGED)
  private final StateSpec<SetState<K>> changedSpec;

  /** Whether the timer of early panes is set: something if it is. */
  @StateId(EARLY_SET)
  private final StateSpec<ValueState<Boolean>> earlySetSpec = StateSpecs.value(BooleanCoder.of());

  /** The highest watermark so far. */
  @StateId(HIGHEST)
  private final StateSpec<ValueState<Long>> highestSpec = StateSpecs.value(BigEndianLongCoder.of());

  @TimerId(WATERMARK)
  private final TimerSpec watermarkSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId(EARLY)
  private final TimerSpec earlySpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  SessionsFn(
      AggregationSpec<K, ?> spec,
      CombineFn<?, AccumT, R> combineFn,
      Coder<AccumT> accumulatorCoder,
      SessionTimes times) {
    this.combineFn = combineFn;
    this.times = times;
    this.panes = new SessionPanes<>(combineFn, times, spec.accumulating());
    this.earlyEvery =
        spec.earlyEvery() == null ? null : Duration.millis(spec.earlyEvery().toMillis());
    this.sessionsSpec = StateSpecs.map(spec.keyCoder(), SessionsOfKey.coder(accumulatorCoder));
    this.agendaSpec = StateSpecs.map(VarLongCoder.of(), ListCoder.of(spec.keyCoder()));
    this.changedSpec = StateSpecs.set(spec.keyCoder());
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, List<KV<K, List<Session<AccumT>>>>> bucket,
      @StateId(SESSIONS) MapState<K, SessionsOfKey<AccumT>> sessions,
      @StateId(AGENDA) MapState<Long, List<K>> entries,
      @StateId(POSITION) ValueState<KV<Long, Long>> position,
      @StateId(CHANGED) SetState<K> changed,
      @StateId(EARLY_SET) ValueState<Boolean> earlySet,
      @StateId(HIGHEST) ValueState<Long> highest,
      @TimerId(WATERMARK) Timer watermark,
      @TimerId(EARLY) Timer early,
      OutputReceiver<WindowResult<K, R>> output) {
    long now = HighestWatermark.of(watermark, highest);
    if (earlyEvery != null && earlySet.read() == null) {
      earlySet.write(true);
      // Not to hold the watermark back: the other timer does, as far as it must be.
      early.withNoOutputTimestamp().offset(earlyEvery).setRelative();
    }
    Agenda<K> agenda = new Agenda<>(entries, position, times.gridMillis());
    for (KV<K, List<Session<AccumT>>> come : bucket.getValue()) {
      K key = come.getKey();
      SessionPanes.Receiver<AccumT> receiver = receiver(key, output);
      SessionsOfKey<AccumT> before = sessions.get(key).read();
      List<KeptSession<AccumT>> passed =
          before == null ? List.of() : panes.pass(before.sessions(), now, receiver);
      List<KeptSession<AccumT>> after =
          panes.correct(panes.merge(passed, come.getValue()), now, receiver);
      keep(key, before, after, sessions, agenda);
      if (earlyEvery != null) {
        changed.add(key);
      }
    }
    agenda.write(watermark);
  }

  @OnTimer(WATERMARK)
  public void onWatermark(
      @StateId(SESSIONS) MapState<K, SessionsOfKey<AccumT>> sessions,
      @StateId(AGENDA) MapState<Long, List<K>> entries,
      @StateId(POSITION) ValueState<KV<Long, Long>> position,
      @StateId(HIGHEST) ValueState<Long> highest,
      @TimerId(WATERMARK) Timer watermark,
      OutputReceiver<WindowResult<K, R>> output) {
    long now = HighestWatermark.of(watermark, highest);
    Agenda<K> agenda = new Agenda<>(entries, position, times.gridMillis());
    for (KV<Long, K> entry : agenda.takeUntil(now)) {
      K key = entry.getValue();
      SessionsOfKey<AccumT> before = sessions.get(key).read();
      if (before != null && before.lookAtMillis() == entry.getKey()) {
        List<KeptSession<AccumT>> after = panes.pass(before.sessions(), now, receiver(key, output));
        keep(key, null, after, sessions, agenda);
      }
    }
    agenda.write(watermark);
  }

  @OnTimer(EARLY)
  public void onEarly(
      @StateId(SESSIONS) MapState<K, SessionsOfKey<AccumT>> sessions,
      @StateId(CHANGED) SetState<K> changed,
      @StateId(EARLY_SET) ValueState<Boolean> earlySet,
      @StateId(HIGHEST) ValueState<Long> highest,
      @TimerId(WATERMARK) Timer watermark,
      OutputReceiver<WindowResult<K, R>> output) {
    long now = HighestWatermark.of(watermark, highest);
    earlySet.clear();
    List<K> keys = new ArrayList<>();
    changed.read().forEach(keys::add);
    changed.clear();
    for (K key : keys) {
      SessionsOfKey<AccumT> before = sessions.get(key).read();
      if (before != null) {
        SessionPanes.Receiver<AccumT> receiver = receiver(key, output);
        List<KeptSession<AccumT>> passed = panes.pass(before.sessions(), now, receiver);
        List<KeptSession<AccumT>> after = panes.early(passed, now, receiver);
        // When to look at it stays: too early does no harm, and none is due before.
        sessions.put(key, new SessionsOfKey<>(before.lookAtMillis(), after));
      }
    }
  }

  /**
   * Writes what is left of a key.
   *
   * @param onAgenda what was kept before, if the agenda still has an entry for it
   */
  private void keep(
      K key,
      @Nullable SessionsOfKey<AccumT> onAgenda,
      List<KeptSession<AccumT>> after,
      MapState<K, SessionsOfKey<AccumT>> sessions,
      Agenda<K> agenda) {
    if (after.isEmpty()) {
      sessions.remove(key);
      return;
    }
    long lookAt = Long.MAX_VALUE;
    for (KeptSession<AccumT> session : after) {
      lookAt = Math.min(lookAt, times.lookAtMillis(session));
    }
    if (onAgenda != null && onAgenda.lookAtMillis() <= lookAt) {
      lookAt = onAgenda.lookAtMillis();
    } else {
      agenda.add(lookAt, key);
    }
    sessions.put(key, new SessionsOfKey<>(lookAt, after));
  }

  private SessionPanes.Receiver<AccumT> receiver(K key, OutputReceiver<WindowResult<K, R>> output) {
    return (session, timing, last) ->
        output.outputWithTimestamp(
            new WindowResult<>(
                key,
                combineFn.extractOutput(session.accumulator()),
                session.startMillis(),
                session.endMillis(),
                timing,
                session.revision(),
                last),
            Instant.ofEpochMilli(SessionTimes.lastMillis(session)));
  }

  @Override
  @SuppressWarnings("deprecation") // Beam has nothing else to let panes out behind an element
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }
}
