package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.Replay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StageDeadLettersTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
  private static final Origin ORIGIN = Origin.kafka("orders", 3, 1042);
  private static final IntervalWindow MINUTE = window(0, 60_000);

  private final StageDeadLetters letters = letters("shop", "decode", NOON);

  @Test
  void givesTheSameRecordTheSameIdInEveryRun() {
    StageDeadLetters later =
        letters("shop", "decode", Clock.offset(NOON, java.time.Duration.ofDays(1)));

    String first = ofRecord(letters, ORIGIN, "a", new IllegalStateException("one")).getId();
    String second = ofRecord(later, ORIGIN, "a", new IllegalArgumentException("two")).getId();

    // Pinned: a change of the hash makes every replayed dead letter look new.
    assertThat(first).isEqualTo(second).isEqualTo("4c4e5815991458f74d4159cdb007ce0d");
  }

  @Test
  void givesRecordsOfDifferentOriginStageOrPipelineDifferentIds() {
    Exception error = new IllegalStateException();

    assertThat(
            Stream.of(
                ofRecord(letters, ORIGIN, "a", error),
                ofRecord(letters, Origin.kafka("orders", 3, 1043), "a", error),
                ofRecord(letters, Origin.kafka("orders", 4, 1042), "a", error),
                ofRecord(letters, Origin.kafka("order", 3, 1042), "a", error),
                ofRecord(letters, Origin.file("orders", 1042), "a", error),
                ofRecord(letters("shop", "deliver", NOON), ORIGIN, "a", error),
                ofRecord(letters("bank", "decode", NOON), ORIGIN, "a", error),
                late(ORIGIN, MINUTE),
                late(ORIGIN, window(0, 120_000)),
                late(ORIGIN, window(60_000, 120_000)),
                late(ORIGIN, GlobalWindow.INSTANCE)))
        .extracting(DeadLetter::getId)
        .doesNotHaveDuplicates();
  }

  @Test
  void identifiesAWindowByItsBoundsAndNotByTheObject() {
    assertThat(late(ORIGIN, new Unnamed(7)).getId())
        .isEqualTo(late(ORIGIN, new Unnamed(7)).getId())
        .isNotEqualTo(late(ORIGIN, new Unnamed(8)).getId());
  }

  @Test
  void identifiesAValueWithoutCoordinatesByWhatItIs() {
    assertThat(ofValue("key", "a", 5).getId()).isEqualTo(ofValue("key", "a", 5).getId());
    assertThat(
            Stream.of(
                ofValue("key", "a", 5),
                ofValue("key", "b", 5),
                ofValue("other", "a", 5),
                ofValue("key", "a", 6),
                ofValue("key", null, 5)))
        .extracting(DeadLetter::getId)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource
  void survivesEveryError(Throwable error, String message) {
    DeadLetter letter = ofRecord(letters, ORIGIN, "a", error);

    assertThat(letter.getErrorMessage()).isEqualTo(message);
    assertThat(letter.getErrorClass()).isEqualTo(error.getClass().getName());
    assertThatCode(letter::toByteBuffer).doesNotThrowAnyException();
  }

  static Stream<Object[]> survivesEveryError() {
    Exception first = new IllegalStateException("first");
    Exception second = new IllegalStateException("second", first);
    first.initCause(second);
    return Stream.of(
        new Object[] {new IllegalStateException("plain"), "plain"},
        new Object[] {new NullPointerException(), "(no message)"},
        new Object[] {new IllegalStateException(null, null), "(no message)"},
        new Object[] {new IllegalStateException(null, new Exception("root")), "root"},
        new Object[] {new IllegalStateException("top", new Exception("root")), "top: root"},
        new Object[] {new IllegalStateException("top", new Exception()), "top"},
        new Object[] {
          new IllegalStateException(new Exception("root")), "java.lang.Exception: root"
        },
        new Object[] {first, "first"},
        new Object[] {new Mute(), "(no message)"},
        new Object[] {new StackOverflowError("deep"), "deep"},
        new Object[] {new Endless(), "(no message)"},
        new Object[] {new OwnCause(), "mine"},
        new Object[] {new IllegalStateException("top", new OwnCause()), "top: mine"},
        new Object[] {new Unframed(), "unframed"});
  }

  @Test
  void capsMessageAndStackOfAHugeError() {
    Exception huge = new IllegalStateException("m".repeat(10_000_000), new Exception("root"));
    StackTraceElement[] frames = new StackTraceElement[5_000];
    java.util.Arrays.fill(
        frames, new StackTraceElement("C".repeat(1_000), "method", "File.java", 1));
    huge.setStackTrace(frames);

    DeadLetter letter = ofRecord(letters, ORIGIN, "a", huge);

    assertThat(letter.getErrorMessage()).hasSize(StageDeadLetters.MAX_MESSAGE).endsWith("m…");
    assertThat(letter.getErrorStack())
        .hasSize(StageDeadLetters.MAX_STACK)
        .startsWith("at CCC")
        .endsWith("…");
  }

  @Test
  void capsACauseThatSaysTooMuch() {
    Exception wordy = new IllegalStateException("top", new Exception("r".repeat(1_000_000)));

    DeadLetter letter = ofRecord(letters, ORIGIN, "a", wordy);

    assertThat(letter.getErrorMessage()).hasSize(StageDeadLetters.MAX_MESSAGE).startsWith("top: r");
    assertThat(letter.getErrorStack()).hasSizeLessThanOrEqualTo(StageDeadLetters.MAX_STACK);
  }

  @Test
  void namesEveryCauseAndWhatWasSuppressedOnce() {
    Exception first = new IllegalStateException("first");
    Exception second = new IllegalArgumentException("second", first);
    first.initCause(second);
    first.addSuppressed(new java.io.IOException("while closing"));

    assertThat(ofRecord(letters, ORIGIN, "a", first).getErrorStack().lines())
        .endsWith(
            "caused by: java.lang.IllegalArgumentException: second",
            "suppressed: java.io.IOException: while closing")
        .filteredOn(line -> line.startsWith("caused by"))
        .hasSize(1);
  }

  @Test
  void saysWhyThereIsNoPayloadAndLeavesTheErrorAsItWas() {
    Exception error = new IllegalStateException("cannot be scored");

    DeadLetter event =
        letters.ofEvent(Categories.PROCESS, Ingested.of("a", ORIGIN), new Wordless(), 5L, error);
    DeadLetter value = letters.ofValue(Categories.PROCESS, "a", new Wordless(), 5L, error);

    assertThat(List.of(event, value))
        .allSatisfy(
            letter -> {
              assertThat(letter.getErrorMessage())
                  .isEqualTo("cannot be scored; cannot be encoded either: no words");
              assertThat(letter.getPayload()).isNull();
              assertThat(letter.getReplayable()).isFalse();
            });
    assertThat(error.getSuppressed()).isEmpty();
  }

  @Test
  void identifiesAValueByItsBytesAndNotByItsObject() {
    Encoder<Object> constant = new Constant();
    Exception error = new IllegalStateException();

    // Its toString differs in every JVM.
    assertThat(letters.ofValue("X", new Object(), constant, 5L, error).getId())
        .isEqualTo(letters.ofValue("X", new Object(), constant, 5L, error).getId())
        .isNotEqualTo(letters.ofValue("X", new Object(), constant, 6L, error).getId());
  }

  @Test
  void tellsAReplayFromTheFirstAttemptAndKeepsItsStory() {
    Origin second = ORIGIN.replayed(new Replay("id-before", 2, 1_234));
    Origin third = ORIGIN.replayed(new Replay("id-second", 3, 1_234));

    DeadLetter letter = ofRecord(letters, second, "a", new Exception());

    assertThat(letter.getAttempts()).isEqualTo(2);
    assertThat(letter.getPreviousId()).isEqualTo("id-before");
    assertThat(letter.getFirstFailureMs()).isEqualTo(1_234);
    assertThat(letter.getLastFailureMs()).isEqualTo(NOON.millis());
    assertThat(letter.getOffset()).isEqualTo(1042);
    assertThat(
            Stream.of(ORIGIN, second, third)
                .map(origin -> ofRecord(letters, origin, "a", new Exception()).getId()))
        .doesNotHaveDuplicates();
  }

  @Test
  void doesNotCutACharacterInTwo() {
    DeadLetter letter =
        ofRecord(letters, ORIGIN, "a", new IllegalStateException("x" + "😀".repeat(1_000)));

    assertThat(UTF_8.newEncoder().canEncode(letter.getErrorMessage())).isTrue();
  }

  @Test
  void keepsEveryByteOfThePayloadHoweverLong() {
    byte[] payload = new byte[5_000_000];
    new Random(1).nextBytes(payload);

    DeadLetter letter =
        letters.ofRecord(
            Categories.DECODE, RawRecord.of(ORIGIN, payload), "x/y", null, null, new Exception());

    assertThat(bytes(letter.getPayload())).isEqualTo(payload);
    assertThat(letter.getPayloadSize()).isEqualTo(5_000_000);
    assertThat(letter.getReplayable()).isTrue();
  }

  @Test
  void keepsAllThatTheSourceKnowsOfARecord() {
    RawRecord raw =
        RawRecord.of(
            ORIGIN,
            "key".getBytes(UTF_8),
            "value".getBytes(UTF_8),
            List.of(
                new RawRecord.Header("h", "1".getBytes(UTF_8)), new RawRecord.Header("h", null)),
            OptionalLong.of(5));

    DeadLetter letter =
        letters.ofRecord(
            Categories.VALIDATE, raw, "application/json", 17, 6L, new IllegalStateException("no"));

    assertThat(letter.getPipeline()).isEqualTo("shop");
    assertThat(letter.getTemplateVersion()).isEqualTo("1.0");
    assertThat(letter.getStage()).isEqualTo("decode");
    assertThat(letter.getCategory()).isEqualTo("VALIDATE");
    assertThat(text(letter.getPayload())).isEqualTo("value");
    assertThat(text(letter.getKey())).isEqualTo("key");
    assertThat(letter.getHeaders()).extracting("name").containsExactly("h", "h");
    assertThat(text(letter.getHeaders().get(0).getValue())).isEqualTo("1");
    assertThat(letter.getHeaders().get(1).getValue()).isNull();
    assertThat(letter.getContentType()).isEqualTo("application/json");
    assertThat(letter.getSchemaId()).isEqualTo(17);
    assertThat(letter.getSourceType()).isEqualTo("KAFKA");
    assertThat(letter.getSource()).isEqualTo("orders");
    assertThat(letter.getPartition()).isEqualTo(3);
    assertThat(letter.getOffset()).isEqualTo(1042);
    assertThat(letter.getSourceTimestampMs()).isEqualTo(5);
    assertThat(letter.getEventTimeMs()).isEqualTo(6);
    assertThat(letter.getFirstFailureMs()).isEqualTo(NOON.millis());
    assertThat(letter.getLastFailureMs()).isEqualTo(NOON.millis());
    assertThat(letter.getAttempts()).isEqualTo(1);
    assertThat(letter.getErrorStack()).startsWith("at org.beamtemplates.");
  }

  @Test
  void tellsATombstoneFromAnEmptyRecord() {
    DeadLetter tombstone = ofRecord(letters, ORIGIN, null, new Exception());
    DeadLetter empty = ofRecord(letters, ORIGIN, "", new Exception());

    assertThat(tombstone.getPayload()).isNull();
    assertThat(tombstone.getPayloadSize()).isEqualTo(-1);
    assertThat(tombstone.getReplayable()).isTrue();
    assertThat(empty.getPayload()).isNotNull();
    assertThat(empty.getPayloadSize()).isZero();
  }

  @Test
  void saysHowLateARecordIsAndForWhichWindow() {
    DeadLetter letter = late(ORIGIN, MINUTE);

    assertThat(letter.getCategory()).isEqualTo("LATE");
    assertThat(letter.getErrorMessage())
        .isEqualTo("event time is behind the watermark by 95000 ms, and its window is closed");
    assertThat(letter.getErrorClass()).isEmpty();
    assertThat(letter.getReencoded()).isTrue();
    assertThat(letter.getWindowStartMs()).isEqualTo(0);
    assertThat(letter.getWindowEndMs()).isEqualTo(60_000);
    assertThat(letter.getWatermarkMs()).isEqualTo(100_000);
    assertThat(letter.getEventTimeMs()).isEqualTo(5_000);
  }

  @Test
  void isNotReplayableWithoutTheBytesOfAValue() {
    assertThat(ofValue("key", null, 5).getReplayable()).isFalse();
    assertThat(ofValue("key", "a", 5).getReplayable()).isTrue();
    assertThat(ofValue("key", "a", 5).getReencoded()).isTrue();
    assertThat(ofValue("key", "a", 5).getSource()).isNull();
  }

  @Test
  void travelsToAWorker() {
    StageDeadLetters copy = SerializableUtils.clone(letters);

    assertThat(copy.stage()).isEqualTo("decode");
    assertThat(ofRecord(copy, ORIGIN, "a", new Exception()).getId())
        .isEqualTo(ofRecord(letters, ORIGIN, "a", new Exception()).getId());
  }

  private static StageDeadLetters letters(String pipeline, String stage, Clock clock) {
    return new StageDeadLetters(pipeline, "1.0", stage, clock, FailureClassifier.standard());
  }

  private static DeadLetter ofRecord(
      StageDeadLetters from, Origin origin, String value, Throwable error) {
    byte[] bytes = value == null ? null : value.getBytes(UTF_8);
    return from.ofRecord(
        Categories.DECODE, RawRecord.of(origin, bytes), "text/plain", null, null, error);
  }

  private DeadLetter ofValue(String identity, String value, long eventTime) {
    byte[] bytes = value == null ? null : value.getBytes(UTF_8);
    return letters.ofValue(
        Categories.DELIVER, identity, bytes, "text/plain", eventTime, new Exception("no"));
  }

  private DeadLetter late(Origin origin, BoundedWindow window) {
    return letters.ofLate(origin, "a".getBytes(UTF_8), "text/plain", 5_000, window, 100_000);
  }

  private static IntervalWindow window(long start, long end) {
    return new IntervalWindow(
        org.joda.time.Instant.ofEpochMilli(start), org.joda.time.Instant.ofEpochMilli(end));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer buffer) {
    return new String(bytes(buffer), UTF_8);
  }

  /** An error that cannot even tell its message. */
  private static final class Mute extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException("no message from me");
    }
  }

  /** A window of a user, who has not written a toString. */
  private static final class Unnamed extends BoundedWindow {

    private final long end;

    Unnamed(long end) {
      this.end = end;
    }

    @Override
    public org.joda.time.Instant maxTimestamp() {
      return org.joda.time.Instant.ofEpochMilli(end);
    }
  }

  /** Overflows the stack when it is asked what is wrong. */
  private static final class Endless extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError();
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("has no cause to show");
    }
  }

  private static final class OwnCause extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OwnCause() {
      super("mine");
    }

    @Override
    public synchronized Throwable getCause() {
      return this;
    }
  }

  private static final class Unframed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unframed() {
      super("unframed");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("no frames");
    }
  }

  private static final class Wordless implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) throws EncodeException {
      throw new EncodeException("no words");
    }

    @Override
    public String contentType() {
      return "x/y";
    }
  }

  private static final class Constant implements Encoder<Object> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(Object value) {
      return new byte[] {1};
    }

    @Override
    public String contentType() {
      return "x/y";
    }
  }
}
