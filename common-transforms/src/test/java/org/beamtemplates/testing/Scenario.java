package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * A stream for a test, told as a story: what comes, how far the watermark is, when time passes.
 *
 * <pre>{@code
 * TestStream<Ingested<String>> stream =
 *     Scenario.of(StringUtf8Coder.of())
 *         .at("00:10", "a", "b")
 *         .watermarkAt("01:05")
 *         .late("00:20", "a")
 *         .processingTimePasses("10s")
 *         .thenEnds();
 * }</pre>
 *
 * <p>Times are minutes and seconds after the start, {@code 01:05}; with hours, {@code 1:01:05};
 * with milliseconds, {@code 01:05.250}; before the start, {@code -10:00}. The start is the epoch,
 * or {@link #startingAt}, and the watermark begins there.
 *
 * <p>The story is that of a reader: each record gets the coordinates of a topic, with offsets
 * counted, and the watermark that its partition had just before it. So what is late is decided as
 * in production, without a {@code StampWatermark}. With several {@link #fromTopic partitions} each
 * has a watermark of its own, and the runner sees the least of them.
 *
 * <p>A record that is behind its partition's watermark is told with {@link #late} and no other: a
 * story that says otherwise is refused. The values of one call come in one piece. A scenario is a
 * builder: each call adds to it.
 *
 * <p>Runner limits: those of TestStream. Flink decides lateness between bundles ({@code
 * --maxBundleSize=1 --parallelism=1}), and cannot let processing time pass: tag such a test {@code
 * processing-time}.
 *
 * @param <T> type of the values
 */
public final class Scenario<T> {

  private static final String TOPIC = "scenario";

  /** Something that happens. */
  private sealed interface Step<T> {}

  private record Come<T>(List<TimestampedValue<Ingested<T>>> records) implements Step<T> {}

  private record WatermarkMoves<T>(Instant to) implements Step<T> {}

  private record TimePasses<T>(Duration time) implements Step<T> {}

  private static final class Partition {

    private final Records records;
    private long watermarkMillis;

    Partition(Records records, long watermarkMillis) {
      this.records = records;
      this.watermarkMillis = watermarkMillis;
    }
  }

  private final Coder<T> coder;
  private final List<Step<T>> steps = new ArrayList<>();
  private StoryClock clock = StoryClock.EPOCH;
  private String topic = TOPIC;
  private @Nullable ToLongFunction<T> eventTimeMillis;
  private List<Partition> partitions = List.of();
  private int partition;

  private Scenario(Coder<T> coder) {
    this.coder = requireNonNull(coder, "coder");
    makePartitions(1);
  }

  /** A story of values of any type. */
  public static <T> Scenario<T> of(Coder<T> coder) {
    return new Scenario<>(coder);
  }

  /** A story of values of a generated Avro class. */
  public static <T extends SpecificRecord> Scenario<T> of(Class<T> type) {
    return new Scenario<>(AvroCoder.of(type));
  }

  /** Starts at a time such as {@code 2026-03-01T12:00:00Z}. */
  public Scenario<T> startingAt(String start) {
    checkNotBegun("startingAt");
    clock = StoryClock.startingAt(start);
    makePartitions(partitions.size());
    return this;
  }

  /** Takes the event time from the values: see {@link #events}. */
  public Scenario<T> withEventTime(ToLongFunction<T> millis) {
    eventTimeMillis = requireNonNull(millis, "millis");
    return this;
  }

  /** Names the topic, and how many partitions it has. Default: one. */
  public Scenario<T> fromTopic(String name, int partitionCount) {
    checkNotBegun("fromTopic");
    if (partitionCount < 1) {
      throw new IllegalArgumentException("a topic has 1 partition at least, not " + partitionCount);
    }
    topic = requireNonNull(name, "name");
    makePartitions(partitionCount);
    return this;
  }

  /** Goes on in a partition, from 0: what follows is read from it, and moves its watermark. */
  public Scenario<T> inPartition(int number) {
    if (number < 0 || number >= partitions.size()) {
      throw new IllegalArgumentException(
          "there is no partition " + number + " of " + partitions.size() + "; see fromTopic");
    }
    partition = number;
    return this;
  }

  /** Values come that are not behind the watermark. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the values are only read
  public final Scenario<T> at(String time, T... values) {
    long millis = clock.millis(time);
    checkOnTime(millis);
    return come(timed(millis, Arrays.asList(values)));
  }

  /** Values come that are behind the watermark, too late for their window or not. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the values are only read
  public final Scenario<T> late(String time, T... values) {
    long millis = clock.millis(time);
    checkLate(millis);
    return come(timed(millis, Arrays.asList(values)));
  }

  /** Values come with the event times that they tell themselves, not behind the watermark. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the values are only read
  public final Scenario<T> events(T... values) {
    List<TimestampedValue<T>> events = timedByThemselves(Arrays.asList(values));
    events.forEach(event -> checkOnTime(event.getTimestamp().getMillis()));
    return come(events);
  }

  /** Values come with the event times that they tell themselves, behind the watermark. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the values are only read
  public final Scenario<T> lateEvents(T... values) {
    List<TimestampedValue<T>> events = timedByThemselves(Arrays.asList(values));
    events.forEach(event -> checkLate(event.getTimestamp().getMillis()));
    return come(events);
  }

  /** The partition's watermark moves on. */
  public Scenario<T> watermarkAt(String time) {
    long millis = clock.millis(time);
    Partition current = partitions.get(partition);
    if (millis < current.watermarkMillis) {
      throw new IllegalArgumentException(
          "the watermark cannot go back from "
              + clock.show(current.watermarkMillis)
              + " to "
              + time);
    }
    long before = leastWatermark();
    current.watermarkMillis = millis;
    if (leastWatermark() > before) {
      steps.add(new WatermarkMoves<>(Instant.ofEpochMilli(leastWatermark())));
    }
    return this;
  }

  /** Processing time passes, such as {@code 10s}; event time does not. */
  public Scenario<T> processingTimePasses(String time) {
    steps.add(new TimePasses<>(Duration.millis(Durations.parse(time).toMillis())));
    return this;
  }

  /** Ends the story: all windows close. */
  public TestStream<Ingested<T>> thenEnds() {
    TestStream.Builder<Ingested<T>> stream = TestStream.create(Ingested.coder(coder));
    stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(clock.startMillis()));
    for (Step<T> step : steps) {
      stream = step instanceof Come<T> come ? add(stream, come.records()) : pass(stream, step);
    }
    return stream.advanceWatermarkToInfinity();
  }

  /**
   * Ends the story with the values alone, for a transform that is not fed by a reader of ours, and
   * for {@code StampWatermark}.
   */
  public TestStream<T> thenEndsWithoutCoordinates() {
    TestStream.Builder<T> stream = TestStream.create(coder);
    stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(clock.startMillis()));
    for (Step<T> step : steps) {
      stream =
          step instanceof Come<T> come
              ? add(stream, come.records().stream().map(Scenario::valueOf).toList())
              : pass(stream, step);
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static <T> TimestampedValue<T> valueOf(TimestampedValue<Ingested<T>> element) {
    return TimestampedValue.of(element.getValue().value(), element.getTimestamp());
  }

  private static <E> TestStream.Builder<E> add(
      TestStream.Builder<E> stream, List<TimestampedValue<E>> elements) {
    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays
    TimestampedValue<E>[] more =
        elements.subList(1, elements.size()).toArray(new TimestampedValue[0]);
    return stream.addElements(elements.get(0), more);
  }

  private static <E> TestStream.Builder<E> pass(TestStream.Builder<E> stream, Step<?> step) {
    if (step instanceof WatermarkMoves<?> moves) {
      return stream.advanceWatermarkTo(moves.to());
    }
    return stream.advanceProcessingTime(((TimePasses<?>) step).time());
  }

  private Scenario<T> come(List<TimestampedValue<T>> values) {
    Partition current = partitions.get(partition);
    List<TimestampedValue<Ingested<T>>> elements = new ArrayList<>();
    for (TimestampedValue<T> value : values) {
      elements.add(
          TimestampedValue.of(
              current.records.ingested(value.getValue(), current.watermarkMillis),
              value.getTimestamp()));
    }
    if (elements.isEmpty()) {
      throw new IllegalArgumentException("at least one value must come");
    }
    steps.add(new Come<>(elements));
    return this;
  }

  private List<TimestampedValue<T>> timed(long millis, List<T> values) {
    List<TimestampedValue<T>> timed = new ArrayList<>();
    for (T value : values) {
      if (eventTimeMillis != null && eventTimeMillis.applyAsLong(value) != millis) {
        throw new IllegalArgumentException(
            value
                + " comes at "
                + clock.show(millis)
                + " but says "
                + clock.show(eventTimeMillis.applyAsLong(value)));
      }
      timed.add(TimestampedValue.of(value, Instant.ofEpochMilli(millis)));
    }
    return timed;
  }

  private List<TimestampedValue<T>> timedByThemselves(List<T> values) {
    if (eventTimeMillis == null) {
      throw new IllegalStateException(
          "withEventTime(…) is missing: nothing says when these values happened; or use at(…)");
    }
    List<TimestampedValue<T>> timed = new ArrayList<>();
    for (T value : values) {
      timed.add(
          TimestampedValue.of(value, Instant.ofEpochMilli(eventTimeMillis.applyAsLong(value))));
    }
    return timed;
  }

  private void checkOnTime(long millis) {
    if (isBehindWatermark(millis)) {
      throw new IllegalArgumentException(
          clock.show(millis)
              + " is behind the watermark, "
              + watermark()
              + ": say that it is late");
    }
  }

  private void checkLate(long millis) {
    if (!isBehindWatermark(millis)) {
      throw new IllegalArgumentException(
          clock.show(millis) + " is not late: the watermark is at " + watermark());
    }
  }

  private boolean isBehindWatermark(long millis) {
    return millis < partitions.get(partition).watermarkMillis;
  }

  private String watermark() {
    return clock.show(partitions.get(partition).watermarkMillis);
  }

  private long leastWatermark() {
    return partitions.stream().mapToLong(one -> one.watermarkMillis).min().orElseThrow();
  }

  private void makePartitions(int count) {
    List<Partition> made = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      made.add(new Partition(Records.ofTopic(topic, number), clock.startMillis()));
    }
    partitions = List.copyOf(made);
  }

  private void checkNotBegun(String call) {
    boolean moved = partitions.stream().anyMatch(one -> one.watermarkMillis != clock.startMillis());
    if (moved || !steps.isEmpty()) {
      throw new IllegalStateException(call + "(…) comes before anything happens");
    }
  }
}
