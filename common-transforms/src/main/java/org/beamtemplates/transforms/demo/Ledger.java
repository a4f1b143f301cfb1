package org.beamtemplates.transforms.demo;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.beamtemplates.transforms.demo.TrafficRecord.Kind;

/** Counts what is sent. One thread writes, any may read: a snapshot costs some 0.1 µs a result. */
final class Ledger {

  private static final String LATE = "LATE";

  private final Map<Kind, Count> kinds = new EnumMap<>(Kind.class);
  private final Map<String, Count> broken = new LinkedHashMap<>();
  private final Map<String, Count> deadLetters = new LinkedHashMap<>();
  private final Map<Object, Count> events = new LinkedHashMap<>();

  private static final class Count {

    // Made once: a snapshot is taken while the producer waits.
    private final String name;
    private long value;

    Count(Object counted) {
      this.name = counted.toString();
    }
  }

  /** A record that counts, whether in time or late. */
  synchronized void counted(Kind kind, Object resultKey) {
    add(kinds, kind);
    add(events, resultKey);
  }

  synchronized void duplicate() {
    add(kinds, Kind.DUPLICATE);
  }

  synchronized void tooLate() {
    add(kinds, Kind.TOO_LATE);
    add(deadLetters, LATE);
  }

  synchronized void broken(Breakage<?> breakage) {
    add(kinds, Kind.BROKEN);
    add(broken, breakage.kind());
    add(deadLetters, breakage.category());
  }

  synchronized Sent snapshot() {
    return new Sent(
        kinds.values().stream().mapToLong(count -> count.value).sum(),
        of(Kind.GOOD),
        of(Kind.DUPLICATE),
        of(Kind.LATE),
        of(Kind.TOO_LATE),
        copy(broken),
        copy(deadLetters),
        copy(events));
  }

  private long of(Kind kind) {
    Count count = kinds.get(kind);
    return count == null ? 0 : count.value;
  }

  private static <K> void add(Map<K, Count> counts, K key) {
    counts.computeIfAbsent(key, Count::new).value++;
  }

  private static Map<String, Long> copy(Map<?, Count> counts) {
    Map<String, Long> copy = new LinkedHashMap<>();
    counts.values().forEach(count -> copy.put(count.name, count.value));
    return copy;
  }
}
