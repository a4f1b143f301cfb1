package org.beamtemplates.transforms.enrich;

import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.state.StateFunction;
import org.beamtemplates.transforms.state.Transition;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Remembers the latest update of a key with its event time, and tells it to each event.
 *
 * <p>A change is an event, with a null value, or an update, with a null key.
 */
final class LatestFn<T, U>
    implements StateFunction<KV<T, Ingested<U>>, KV<Ingested<U>, Long>, KV<T, U>> {

  private static final long serialVersionUID = 1L;

  /** Of updates at the same time, the one that stands later in its source, whichever came first. */
  private static final Comparator<Origin> BY_PLACE =
      Comparator.comparing(Origin::source)
          .thenComparingInt(Origin::partition)
          .thenComparingLong(Origin::offset);

  @Override
  public Transition<KV<Ingested<U>, Long>, KV<T, U>> apply(
      @Nullable KV<Ingested<U>, Long> latest, KV<T, Ingested<U>> change, long eventTimeMillis) {
    if (change.getValue() != null) {
      boolean isLater = latest == null || isLater(change.getValue(), eventTimeMillis, latest);
      return Transition.to(isLater ? KV.of(change.getValue(), eventTimeMillis) : latest);
    }
    return new Transition<>(
        latest, List.of(KV.of(change.getKey(), latest == null ? null : latest.getKey().value())));
  }

  private static <U> boolean isLater(
      Ingested<U> update, long eventTimeMillis, KV<Ingested<U>, Long> latest) {
    return eventTimeMillis > latest.getValue()
        || (eventTimeMillis == latest.getValue()
            && BY_PLACE.compare(update.origin(), latest.getKey().origin()) >= 0);
  }
}
