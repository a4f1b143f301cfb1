package org.beamtemplates.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.junit.jupiter.api.Test;

class PartitionWatermarkTest {

  private static final long NONE = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private static final long NEXT_YEAR = Instant.parse("2027-03-01T12:00:00Z").toEpochMilli();
  private static final long DELAY = 5_000;
  private static final long CONFIRMED = PartitionWatermark.IDLE_AFTER.toMillis();
  private static final long BUSY = 7;

  private long nextOffset;
  private final PartitionWatermark watermark = new PartitionWatermark(Duration.ofMillis(DELAY));

  @Test
  void followsTheNewestRecordByTheDelay() {
    read(NOON);
    read(NOON + 60_000);
    read(NOON + 30_000);

    assertThat(watermark.look(BUSY, NEXT_YEAR)).isEqualTo(NOON + 60_000 - DELAY);
  }

  @Test
  void judgesARecordByTheWatermarkBeforeIt() {
    assertThat(read(NOON)).isEqualTo(NONE);
    assertThat(read(NOON + 60_000)).isEqualTo(NOON - DELAY);
    assertThat(read(NOON)).isEqualTo(NOON + 60_000 - DELAY);
  }

  @Test
  void isNotMovedByARecordWithoutABelievableTime() {
    read(NOON);

    watermark.record(nextOffset++, OptionalLong.empty(), NEXT_YEAR);

    assertThat(watermark.look(BUSY, NEXT_YEAR)).isEqualTo(NOON - DELAY);
  }

  @Test
  void doesNotRunAheadOfThePresent() {
    watermark.record(nextOffset++, OptionalLong.of(NOON + 60_000), NOON);

    assertThat(watermark.look(BUSY, NOON)).isEqualTo(NOON - DELAY);
  }

  @Test
  void followsTheClockInAPartitionThatHasNeverDeliveredARecord() {
    assertThat(watermark.look(0, NOON)).isEqualTo(NONE);
    assertThat(watermark.look(0, NOON + CONFIRMED)).isEqualTo(NOON - DELAY);
    assertThat(watermark.look(0, NOON + 60_000)).isEqualTo(NOON + 60_000 - CONFIRMED - DELAY);
  }

  @Test
  void followsTheClockInAPartitionThatHasGoneIdle() {
    read(NOON);

    watermark.look(0, NEXT_YEAR);

    assertThat(watermark.look(0, NEXT_YEAR + CONFIRMED)).isEqualTo(NEXT_YEAR - DELAY);
  }

  @Test
  void standsStillWhileTheBacklogIsUnknown() {
    read(NOON);

    watermark.look(-1, NEXT_YEAR);

    assertThat(watermark.look(-1, NEXT_YEAR + 10 * CONFIRMED)).isEqualTo(NOON - DELAY);
  }

  @Test
  void standsStillWhileRecordsAreWaiting() {
    read(NOON);

    watermark.look(0, NEXT_YEAR);
    watermark.look(BUSY, NEXT_YEAR + CONFIRMED);

    assertThat(watermark.look(0, NEXT_YEAR + 2 * CONFIRMED)).isEqualTo(NOON - DELAY);
  }

  @Test
  void isNotIdleOnTheLookBetweenClaimingTheLastRecordAndHandingItOver() {
    read(NOON);

    // KafkaIO's SDF: the backlog is 0 already, and the record comes after the look.
    watermark.look(0, NEXT_YEAR);
    long judgedBy = read(NOON + 1_000);
    watermark.look(0, NEXT_YEAR + CONFIRMED);

    assertThat(judgedBy).isEqualTo(NOON - DELAY);
    assertThat(watermark.look(0, NEXT_YEAR + CONFIRMED + 1)).isEqualTo(NOON + 1_000 - DELAY);
  }

  @Test
  void neverGoesBack() {
    watermark.resumeFrom(NOON);
    watermark.resumeFrom(NOON - 60_000);
    read(NOON - 120_000);

    assertThat(watermark.look(BUSY, NEXT_YEAR)).isEqualTo(NOON);
  }

  @Test
  void judgesARepeatedBundleByTheWatermarkThatItBeganWith() {
    watermark.resumeFrom(NOON);
    read(NOON + 60_000);
    read(NOON + 30_000);

    nextOffset = 0;
    watermark.resumeFrom(NOON);

    assertThat(read(NOON + 60_000)).isEqualTo(NOON);
    assertThat(read(NOON + 30_000)).isEqualTo(NOON + 60_000 - DELAY);
  }

  private long read(long eventTime) {
    return watermark.record(nextOffset++, OptionalLong.of(eventTime), NEXT_YEAR);
  }
}
