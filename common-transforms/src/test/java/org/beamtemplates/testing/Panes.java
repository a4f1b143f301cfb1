package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What an aggregation gave, pane by pane. Made before the run, asked after it:
 *
 * <pre>{@code
 * Panes<String, Long> panes = Panes.of(results);
 * pipeline.run();
 * panes.forKey("a").inWindow("00:00", "01:00").onTime(2L).late(3L);
 * panes.noOthers();
 * }</pre>
 *
 * <p>Panes of a key and window are named in order of their revisions, which must count from 0.
 * {@link #noOthers} fails for panes that no line has named: without it, a pane too many is not
 * seen. Windows are told as times of a {@link Scenario}. A failure shows all panes of the key.
 *
 * <p>The panes are gathered in this JVM, so the runner must work in it, as those of the conformance
 * runs do.
 *
 * @param <K> type of the keys
 * @param <V> type of the aggregates
 */
public final class Panes<K, V> {

  private final Supplier<List<WindowResult<K, V>>> source;
  private final StoryClock clock;
  private final Set<WindowResult<K, V>> named = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable List<WindowResult<K, V>> panes;

  private Panes(Supplier<List<WindowResult<K, V>>> source, StoryClock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Gathers the panes of an aggregation as the pipeline runs. */
  public static <K, V> Panes<K, V> of(PCollection<WindowResult<K, V>> results) {
    Gathered<WindowResult<K, V>> gathered = Gathered.of(results);
    return new Panes<>(gathered::elements, StoryClock.EPOCH);
  }

  /**
   * Gathers results of a type of its own that tell key, window and pane.
   *
   * @param asPane what of a result is looked at
   */
  public static <R, K, V> Panes<K, V> of(
      PCollection<R> results, Function<R, WindowResult<K, V>> asPane) {
    requireNonNull(asPane, "asPane");
    Gathered<R> gathered = Gathered.of(results);
    return new Panes<>(() -> gathered.elements().stream().map(asPane).toList(), StoryClock.EPOCH);
  }

  /** Panes that were read back from where the pipeline wrote them. */
  public static <K, V> Panes<K, V> of(List<WindowResult<K, V>> results) {
    List<WindowResult<K, V>> copy = List.copyOf(results);
    return new Panes<>(() -> copy, StoryClock.EPOCH);
  }

  /** Tells windows as times after this start, such as {@code 2026-03-01T12:00:00Z}. */
  public Panes<K, V> startingAt(String start) {
    return new Panes<>(source, StoryClock.startingAt(start));
  }

  /** Returns the last pane of each key and window alone, for results that replace each other. */
  public Panes<K, V> finalOnly() {
    return new Panes<>(this::finals, clock);
  }

  private List<WindowResult<K, V>> finals() {
    Map<List<Object>, WindowResult<K, V>> last = new LinkedHashMap<>();
    for (WindowResult<K, V> pane : all()) {
      last.merge(
          List.of(pane.key(), pane.windowStartMillis(), pane.windowEndMillis()),
          pane,
          (one, other) -> other.revision() > one.revision() ? other : one);
    }
    return List.copyOf(last.values());
  }

  /** Returns all panes, in no order. */
  public List<WindowResult<K, V>> all() {
    if (panes == null) {
      // Copies: the same object twice is two panes.
      panes = source.get().stream().map(Panes::copy).toList();
    }
    return panes;
  }

  private static <K, V> WindowResult<K, V> copy(WindowResult<K, V> pane) {
    return new WindowResult<>(
        pane.key(),
        pane.value(),
        pane.windowStartMillis(),
        pane.windowEndMillis(),
        pane.timing(),
        pane.revision());
  }

  /** Names a key. */
  public OfKey forKey(K key) {
    return new OfKey(key);
  }

  /** Fails if there are panes that have not been named. */
  public void noOthers() {
    List<WindowResult<K, V>> others = all().stream().filter(pane -> !named.contains(pane)).toList();
    if (!others.isEmpty()) {
      throw new AssertionError(
          (others.size() == 1 ? "1 pane" : others.size() + " panes")
              + " more than expected:\n"
              + table(others));
    }
  }

  private String table(List<WindowResult<K, V>> some) {
    TextTable table = new TextTable("key", "window", "revision", "timing", "value");
    some.stream()
        .sorted(
            Comparator.comparing((WindowResult<K, V> pane) -> String.valueOf(pane.key()))
                .thenComparing(WindowResult::windowStartMillis)
                .thenComparing(WindowResult::windowEndMillis)
                .thenComparing(WindowResult::revision))
        .forEach(
            pane ->
                table.add(pane.key(), window(pane), pane.revision(), pane.timing(), pane.value()));
    return table.toString();
  }

  private String window(WindowResult<K, V> pane) {
    String start =
        pane.windowStartMillis() == Long.MIN_VALUE ? "…" : clock.show(pane.windowStartMillis());
    return start + " to " + clock.show(pane.windowEndMillis());
  }

  /** The panes of one key. */
  public final class OfKey {

    private final K key;

    private OfKey(K key) {
      this.key = requireNonNull(key, "key");
    }

    /** Names a window, as times of the test: start, inclusive, and end, exclusive. */
    public OfWindow inWindow(String start, String end) {
      return new OfWindow(this, start, end);
    }

    private List<WindowResult<K, V>> panes() {
      return all().stream().filter(pane -> pane.key().equals(key)).toList();
    }

    private String known() {
      if (!panes().isEmpty()) {
        return "All panes of key " + key + ":\n" + table(panes());
      }
      List<String> keys =
          all().stream().map(pane -> String.valueOf(pane.key())).distinct().sorted().toList();
      return "There is no pane of key "
          + key
          + (keys.isEmpty() ? ", nor of any other" : "; the keys are " + String.join(", ", keys));
    }
  }

  /** The panes of one key and window, named in order of their revisions. */
  public final class OfWindow {

    private final OfKey ofKey;
    private final String start;
    private final String end;
    private final List<WindowResult<K, V>> panes;
    private int next;

    private OfWindow(OfKey ofKey, String start, String end) {
      this.ofKey = ofKey;
      this.start = start;
      this.end = end;
      long startMillis = clock.millis(start);
      long endMillis = clock.millis(end);
      this.panes = new ArrayList<>(ofKey.panes());
      panes.removeIf(
          pane -> pane.windowStartMillis() != startMillis || pane.windowEndMillis() != endMillis);
      panes.sort(Comparator.comparing(WindowResult::revision));
    }

    /** The next pane came before the window was complete. */
    public OfWindow early(V value) {
      return exactly(Timing.EARLY, value);
    }

    /** The next pane came when the watermark passed the end of the window. */
    public OfWindow onTime(V value) {
      return exactly(Timing.ON_TIME, value);
    }

    /** The next pane is a correction within the allowed lateness. */
    public OfWindow late(V value) {
      return exactly(Timing.LATE, value);
    }

    /** The next pane has this value; when it came, and its revision, is the runner's choice. */
    public OfWindow is(V value) {
      WindowResult<K, V> pane = next(String.valueOf(value));
      if (!Objects.equals(pane.value(), value)) {
        throw differs(String.valueOf(value), pane);
      }
      return this;
    }

    /** The next pane, whenever it came, satisfies assertions about its value. */
    public OfWindow satisfies(Consumer<? super V> assertions) {
      WindowResult<K, V> pane = next("there");
      try {
        assertions.accept(pane.value());
      } catch (AssertionError e) {
        throw new AssertionError(place() + ": " + e.getMessage() + "\n" + ofKey.known(), e);
      }
      return this;
    }

    /** Names another window of the key. */
    public OfWindow inWindow(String otherStart, String otherEnd) {
      return ofKey.inWindow(otherStart, otherEnd);
    }

    private OfWindow exactly(Timing timing, V value) {
      String wanted = timing + " " + value;
      int revision = next;
      WindowResult<K, V> pane = next(wanted);
      if (pane.timing() != timing || !Objects.equals(pane.value(), value)) {
        throw differs(wanted, pane);
      }
      if (pane.revision() != revision) {
        throw new AssertionError(
            place()
                + " should have the revision "
                + revision
                + " but has "
                + pane.revision()
                + ".\n"
                + ofKey.known());
      }
      return this;
    }

    private WindowResult<K, V> next(String wanted) {
      if (next >= panes.size()) {
        next++;
        throw new AssertionError(
            place() + " should be " + wanted + " but is not there.\n" + ofKey.known());
      }
      WindowResult<K, V> pane = panes.get(next++);
      named.add(pane);
      return pane;
    }

    private AssertionError differs(String wanted, WindowResult<K, V> pane) {
      return new AssertionError(
          place()
              + " should be "
              + wanted
              + " but is "
              + pane.timing()
              + " "
              + pane.value()
              + ".\n"
              + ofKey.known());
    }

    private String place() {
      return "Pane " + next + " of key " + ofKey.key + " in " + start + " to " + end;
    }
  }
}
