package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.ReadableStates;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.OutputBuilder;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * State cells and a timer to call a {@link DoFn} with, for what no TestStream can tell: a watermark
 * that goes back, as after a restart.
 */
final class FakeCells {

  private FakeCells() {}

  static final class Value<T> implements ValueState<T> {

    private @Nullable T value;

    @Override
    public void write(T input) {
      value = input;
    }

    @Override
    public @Nullable T read() {
      return value;
    }

    @Override
    public ValueState<T> readLater() {
      return this;
    }

    @Override
    public void clear() {
      value = null;
    }
  }

  static final class OfMap<K, V> implements MapState<K, V> {

    private final Map<K, V> map = new HashMap<>();

    @Override
    public void put(K key, V value) {
      map.put(key, value);
    }

    @Override
    public ReadableState<V> computeIfAbsent(
        K key, Function<? super K, ? extends V> mappingFunction) {
      V before = map.get(key);
      map.computeIfAbsent(key, mappingFunction);
      return ReadableStates.immediate(before);
    }

    @Override
    public void remove(K key) {
      map.remove(key);
    }

    @Override
    public ReadableState<V> get(K key) {
      return ReadableStates.immediate(map.get(key));
    }

    @Override
    public ReadableState<V> getOrDefault(K key, @Nullable V defaultValue) {
      return ReadableStates.immediate(map.getOrDefault(key, defaultValue));
    }

    @Override
    public ReadableState<Iterable<K>> keys() {
      return ReadableStates.immediate(List.copyOf(map.keySet()));
    }

    @Override
    public ReadableState<Iterable<V>> values() {
      return ReadableStates.immediate(List.copyOf(map.values()));
    }

    @Override
    public ReadableState<Iterable<Map.Entry<K, V>>> entries() {
      return ReadableStates.immediate(List.copyOf(map.entrySet()));
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
      return ReadableStates.immediate(map.isEmpty());
    }

    @Override
    public void clear() {
      map.clear();
    }
  }

  /** A timer that never fires, at a watermark that a test chooses. */
  static final class At implements Timer {

    private final Instant watermark;
    private boolean isSet;
    private boolean holds = true;

    At(Instant watermark) {
      this.watermark = watermark;
    }

    @Override
    public Instant getCurrentRelativeTime() {
      return watermark;
    }

    @Override
    public void set(Instant absoluteTime) {
      isSet = true;
    }

    @Override
    public void setRelative() {
      isSet = true;
    }

    /** Returns whether it is set and holds the watermark back. */
    boolean isSetAndHolds() {
      return isSet && holds;
    }

    boolean isSet() {
      return isSet;
    }

    @Override
    public void clear() {}

    @Override
    public Timer offset(Duration offset) {
      return this;
    }

    @Override
    public Timer align(Duration period) {
      return this;
    }

    @Override
    public Timer withOutputTimestamp(Instant outputTime) {
      return this;
    }

    @Override
    public Timer withNoOutputTimestamp() {
      holds = false;
      return this;
    }
  }

  /** A set that is written only. */
  static final class OfSet<T> implements SetState<T> {

    @Override
    public void add(T value) {}

    @Override
    public void remove(T value) {}

    @Override
    public void clear() {}

    @Override
    public ReadableState<Boolean> contains(T value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadableState<Boolean> addIfAbsent(T value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Iterable<T> read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SetState<T> readLater() {
      return this;
    }
  }

  /** Gathers what is put out. */
  static final class Outputs<T> implements OutputReceiver<T> {

    final List<T> all = new ArrayList<>();

    @Override
    public void outputWithTimestamp(T value, Instant timestamp) {
      all.add(value);
    }

    @Override
    public OutputBuilder<T> builder(T value) {
      throw new UnsupportedOperationException("only with a timestamp");
    }
  }
}
