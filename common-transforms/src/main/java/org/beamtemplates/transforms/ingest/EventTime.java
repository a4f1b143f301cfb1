package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.RegistryUnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where event time comes from, how far records may be out of order, and which times are believed.
 *
 * <p>A time before {@link #since} or further in the future than {@link #atMostAhead} is not sane:
 * it never touches the watermark, and its record becomes a dead letter. One record from the year
 * 2100 would otherwise close every window of the pipeline.
 */
public final class EventTime implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What is known of a record's event time. */
  enum Status {
    /** There is one, in the sane range. */
    SANE(0),
    /** There is one, out of the sane range. */
    OUT_OF_RANGE(1),
    /** There is none. */
    MISSING(2);

    // Part of the encoding of records in flight: never change one.
    private final int code;

    Status(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Status ofCode(int code) {
      return switch (code) {
        case 0 -> SANE;
        case 1 -> OUT_OF_RANGE;
        case 2 -> MISSING;
        default ->
            throw new IllegalArgumentException("no status of an event time has the code " + code);
      };
    }
  }

  /**
   * The event time of one record.
   *
   * @param millis milliseconds since the epoch; 0 if missing
   */
  record Reading(Status status, long millis) {

    static final Reading MISSING = new Reading(Status.MISSING, 0);
  }

  private static final Instant DEFAULT_SINCE = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration DEFAULT_AHEAD = Duration.ofMinutes(10);

  private final @Nullable EventTimeExtractor extractor;
  private final Duration maxDelay;
  private final Instant since;
  private final Duration ahead;
  private final Clock clock;
  private transient boolean open;

  /** What the clock has said last, to whichever reader. */
  private transient volatile long lastNow;

  private EventTime(
      @Nullable EventTimeExtractor extractor,
      Duration maxDelay,
      Instant since,
      Duration ahead,
      Clock clock) {
    this.extractor = extractor;
    this.maxDelay = requireNonNull(maxDelay, "maxDelay");
    this.since = requireNonNull(since, "since");
    this.ahead = requireNonNull(ahead, "ahead");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * The source's own timestamp, Kafka's create or append time, is the event time. The cheapest;
   * files have none.
   */
  public static EventTime ofRecordTimestamp() {
    return new EventTime(null, Duration.ZERO, DEFAULT_SINCE, DEFAULT_AHEAD, Clock.systemUTC());
  }

  /** The event time is in the record's bytes. */
  public static EventTime extractedBy(EventTimeExtractor extractor) {
    return new EventTime(
        requireNonNull(extractor, "extractor"),
        Duration.ZERO,
        DEFAULT_SINCE,
        DEFAULT_AHEAD,
        Clock.systemUTC());
  }

  /**
   * Records of one partition may be out of order by this much: the watermark stays behind the
   * newest event by it. Longer makes results later, shorter makes more records late. Default: 0.
   */
  public EventTime withMaxDelay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("maxDelay must not be negative: " + delay);
    }
    return new EventTime(extractor, delay, since, ahead, clock);
  }

  /** Event times before this are not believed. Default: 2000-01-01T00:00:00Z. */
  public EventTime since(Instant earliest) {
    return new EventTime(extractor, maxDelay, earliest, ahead, clock);
  }

  /** Event times further in the future than this are not believed. Default: 10 minutes. */
  public EventTime atMostAhead(Duration future) {
    return new EventTime(extractor, maxDelay, since, future, clock);
  }

  /** Takes the present from another clock, which must be serializable. */
  public EventTime withClock(Clock other) {
    return new EventTime(extractor, maxDelay, since, ahead, other);
  }

  /** Returns how far records may be out of order. */
  public Duration maxDelay() {
    return maxDelay;
  }

  /**
   * Returns a moment that a time is after if it is after the present, and not if it is not: what
   * the clock said last, where that is enough, as asking it costs as much as decoding a field.
   */
  long nowFor(long millis) {
    long seen = lastNow;
    if (millis <= seen) {
      return seen;
    }
    long now = clock.millis();
    lastNow = now;
    return now;
  }

  /** Reads the event time of a record. Throws nothing but that the registry is away. */
  Reading of(RawRecord raw) {
    return judge(extractor == null ? raw.timestampMillis() : extract(extractor, raw));
  }

  /** Holds a time against the sane range. */
  Reading judge(OptionalLong millis) {
    if (millis.isEmpty()) {
      return Reading.MISSING;
    }
    long time = millis.getAsLong();
    boolean sane = time >= since.toEpochMilli() && time <= nowFor(time) + ahead.toMillis();
    return new Reading(sane ? Status.SANE : Status.OUT_OF_RANGE, time);
  }

  // Extractors keep parsers and are used by one thread at a time, while one source can have several
  // readers in a JVM.
  private synchronized OptionalLong extract(EventTimeExtractor from, RawRecord raw) {
    try {
      if (!open) {
        from.open();
        open = true;
      }
      return from.eventTimeMillis(raw);
    } catch (RegistryUnavailableException e) {
      // Not the record's fault: the runner tries again.
      throw e;
    } catch (DecodeException | RuntimeException | StackOverflowError e) {
      // Not swallowed: the decoder meets the same record next, and says why in a dead letter.
      return OptionalLong.empty();
    }
  }

  /** Returns in some words where it comes from and what is believed. */
  String describe() {
    return (extractor == null ? "Kafka's timestamp" : "in the record")
        + "; out of order by up to "
        + Durations.format(maxDelay)
        + " within a partition; before "
        + since
        + " or more than "
        + Durations.format(ahead)
        + " ahead of now it is not believed, and the record is a dead letter";
  }

  /** Says why a reading is no event time, for a dead letter. */
  String complaint(Reading reading) {
    return switch (reading.status()) {
      case SANE -> "event time is sane";
      case MISSING -> "the record has no event time";
      case OUT_OF_RANGE ->
          "event time "
              + reading.millis()
              + " ms since the epoch is not between "
              + since
              + " and "
              + ahead
              + " after now";
    };
  }
}
