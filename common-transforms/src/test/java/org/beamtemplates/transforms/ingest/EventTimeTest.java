package org.beamtemplates.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;

class EventTimeTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final EventTime ofRecord = EventTime.ofRecordTimestamp().withClock(CLOCK);

  @Test
  void believesThePresent() {
    assertThat(ofRecord.of(at(NOW))).isEqualTo(new Reading(Status.SANE, NOW.toEpochMilli()));
  }

  @Test
  void doesNotBelieve1970And2100() {
    assertThat(ofRecord.of(at(Instant.EPOCH)).status()).isEqualTo(Status.OUT_OF_RANGE);
    assertThat(ofRecord.of(at(Instant.parse("2100-01-01T00:00:00Z"))).status())
        .isEqualTo(Status.OUT_OF_RANGE);
  }

  @Test
  void believesTheEndsOfTheRangeAndNothingBeyond() {
    Instant since = NOW.minus(Duration.ofDays(1));
    EventTime eventTime = ofRecord.since(since).atMostAhead(Duration.ofMinutes(1));

    assertThat(eventTime.of(at(since)).status()).isEqualTo(Status.SANE);
    assertThat(eventTime.of(at(since.minusMillis(1))).status()).isEqualTo(Status.OUT_OF_RANGE);
    assertThat(eventTime.of(at(NOW.plusSeconds(60))).status()).isEqualTo(Status.SANE);
    assertThat(eventTime.of(at(NOW.plusSeconds(60).plusMillis(1))).status())
        .isEqualTo(Status.OUT_OF_RANGE);
  }

  @Test
  void asksTheClockOnlyForTimesAfterItsLastAnswer() {
    SteppingClock clock = new SteppingClock(NOW);
    EventTime eventTime = ofRecord.withClock(clock).atMostAhead(Duration.ofMinutes(1));

    assertThat(eventTime.of(at(NOW.plusSeconds(61))).status()).isEqualTo(Status.OUT_OF_RANGE);
    assertThat(eventTime.of(at(NOW)).status()).isEqualTo(Status.SANE);
    assertThat(eventTime.nowFor(NOW.toEpochMilli() - 1)).isEqualTo(NOW.toEpochMilli());
    assertThat(clock.asked).isEqualTo(1);

    clock.now = NOW.plusSeconds(1);
    assertThat(eventTime.of(at(NOW.plusSeconds(61))).status()).isEqualTo(Status.SANE);
    assertThat(eventTime.nowFor(clock.millis() + 1)).isEqualTo(clock.millis());
  }

  @Test
  void takesWhateverAnExtractorThrowsAsNoTime() {
    EventTime checked =
        EventTime.extractedBy(
            raw -> {
              throw new DecodeException("garbage");
            });
    EventTime unchecked =
        EventTime.extractedBy(
            raw -> {
              throw new IllegalStateException("bug");
            });

    assertThat(checked.of(at(NOW)).status()).isEqualTo(Status.MISSING);
    assertThat(unchecked.of(at(NOW)).status()).isEqualTo(Status.MISSING);
  }

  @Test
  void saysWhyATimeIsNotBelieved() {
    Reading reading = ofRecord.of(at(Instant.EPOCH));

    assertThat(ofRecord.complaint(reading)).contains("event time 0 ms").contains("2000-01-01");
  }

  @Test
  void refusesANegativeDelay() {
    assertThatThrownBy(() -> ofRecord.withMaxDelay(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxDelay");
  }

  private static RawRecord at(Instant time) {
    return RawRecord.of(
        Origin.kafka("topic", 0, 0),
        null,
        new byte[0],
        List.of(),
        OptionalLong.of(time.toEpochMilli()));
  }

  private static final class SteppingClock extends Clock {

    private Instant now;
    private int asked;

    SteppingClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      asked++;
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
