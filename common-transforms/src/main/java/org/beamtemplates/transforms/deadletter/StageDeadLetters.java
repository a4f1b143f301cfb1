package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.Replay;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the dead letters of one stage. Serializable: a DoFn keeps it in a field.
 *
 * <p>It never fails itself, whatever the error looks like: messages and stacks may be missing and
 * are capped at {@value #MAX_MESSAGE} and {@value #MAX_STACK} characters. Payloads are never
 * capped. Making a dead letter copies no payload and costs a few microseconds.
 */
public final class StageDeadLetters implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The longest error message that is kept, in characters. */
  public static final int MAX_MESSAGE = 1_000;

  /** The longest stack that is kept, in characters. */
  public static final int MAX_STACK = 4_000;

  private static final Logger LOG = LoggerFactory.getLogger(StageDeadLetters.class);

  // Cloned for every letter: that is cheaper than to look one up, and safe between threads.
  private static final MessageDigest SHA_256 = sha256();

  private final String pipeline;
  private final String version;
  private final String stage;
  private final Clock clock;
  private final FailureClassifier classifier;

  /** Of one copy, on one worker. */
  private transient boolean told;

  StageDeadLetters(
      String pipeline, String version, String stage, Clock clock, FailureClassifier classifier) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.version = requireNonNull(version, "version");
    this.stage = requireNonNull(stage, "stage");
    this.clock = requireNonNull(clock, "clock");
    this.classifier = requireNonNull(classifier, "classifier");
  }

  /** Returns the name of the stage. */
  public String stage() {
    return stage;
  }

  /**
   * Throws an error that is not the record's fault, as {@link FailureClassifier} has it, so that it
   * fails the bundle; returns if it is. To be called before a dead letter is made of it.
   */
  public void rethrowInfrastructure(Throwable error) {
    if (classifier.classify(error) == FailureClassifier.Kind.RECORD) {
      return;
    }
    if (error instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (error instanceof Error grave) {
      throw grave;
    }
    throw new UnavailableException(stage + " cannot work now: " + error, error);
  }

  /**
   * A record, as it was read, that could not be processed.
   *
   * @param category see {@link Categories}
   * @param raw the record
   * @param contentType media type of its value
   * @param schemaId id of the writer's schema in the registry, if the record names one
   * @param eventTimeMillis event time in milliseconds since the epoch, if it is known
   * @param error what went wrong
   */
  public DeadLetter ofRecord(
      String category,
      RawRecord raw,
      String contentType,
      @Nullable Integer schemaId,
      @Nullable Long eventTimeMillis,
      Throwable error) {
    DeadLetter letter =
        describe(letter(category, raw.origin(), "", raw.value(), eventTimeMillis, null), error);
    letter.setContentType(contentType);
    letter.setSchemaId(schemaId);
    letter.setKey(wrap(raw.key()));
    letter.setHeaders(headers(raw.headers()));
    if (raw.timestampMillis().isPresent()) {
      letter.setSourceTimestampMs(raw.timestampMillis().getAsLong());
    }
    return letter;
  }

  /**
   * An event that came after its window was closed for good.
   *
   * @param origin where the event came from
   * @param payload the event, encoded again
   * @param contentType media type of the payload
   * @param eventTimeMillis event time in milliseconds since the epoch
   * @param window the window that it is too late for
   * @param watermarkMillis the watermark that it is late against, in milliseconds since the epoch
   */
  public DeadLetter ofLate(
      Origin origin,
      byte[] payload,
      String contentType,
      long eventTimeMillis,
      BoundedWindow window,
      long watermarkMillis) {
    return late(origin, "", payload, contentType, eventTimeMillis, window, watermarkMillis);
  }

  private DeadLetter late(
      Origin origin,
      String identity,
      byte @Nullable [] payload,
      String contentType,
      long eventTimeMillis,
      BoundedWindow window,
      long watermarkMillis) {
    DeadLetter letter = letter(Categories.LATE, origin, identity, payload, eventTimeMillis, window);
    letter.setReencoded(true);
    letter.setContentType(contentType);
    letter.setWatermarkMs(watermarkMillis);
    letter.setErrorMessage(
        "event time is behind the watermark by "
            + (watermarkMillis - eventTimeMillis)
            + " ms, and its window is closed");
    return letter;
  }

  /**
   * The same, of an event that cannot be encoded again: not replayable from the dead letter.
   *
   * @param error why it cannot be encoded
   */
  public DeadLetter ofLate(
      Origin origin,
      Throwable error,
      String contentType,
      long eventTimeMillis,
      BoundedWindow window,
      long watermarkMillis) {
    DeadLetter letter =
        late(
            origin,
            ErrorText.message(error),
            null,
            contentType,
            eventTimeMillis,
            window,
            watermarkMillis);
    String late = letter.getErrorMessage();
    describe(letter, error);
    letter.setErrorMessage(ErrorText.cap(late + "; " + letter.getErrorMessage(), MAX_MESSAGE));
    letter.setReplayable(false);
    return letter;
  }

  /**
   * An event that a step could not process.
   *
   * @param category see {@link Categories}
   * @param origin where the event came from
   * @param payload the event, encoded again; null if it cannot be, then the dead letter is not
   *     replayable
   * @param contentType media type of the payload
   * @param eventTimeMillis event time in milliseconds since the epoch, if it is known
   * @param error what went wrong
   */
  public DeadLetter ofEvent(
      String category,
      Origin origin,
      byte @Nullable [] payload,
      String contentType,
      @Nullable Long eventTimeMillis,
      Throwable error) {
    return reencoded(category, origin, "", payload, contentType, eventTimeMillis, error);
  }

  /**
   * The same, of an event that is encoded here. If it cannot be, the dead letter says so, and is
   * not replayable.
   *
   * @param encoder writes the payload; opened before
   */
  public <T> DeadLetter ofEvent(
      String category,
      Ingested<T> element,
      Encoder<T> encoder,
      @Nullable Long eventTimeMillis,
      Throwable error) {
    byte @Nullable [] payload = null;
    @Nullable EncodeException unwritten = null;
    try {
      payload = encoder.encode(element.value());
    } catch (EncodeException e) {
      unwritten = e;
    }
    return explain(
        ofEvent(category, element.origin(), payload, encoder.contentType(), eventTimeMillis, error),
        unwritten,
        error);
  }

  /**
   * A value made inside the pipeline that could not be processed, as a result that no store takes.
   *
   * @param category see {@link Categories}
   * @param identity tells the value from others, as its key does: without coordinates, the id is
   *     made of this, the event time and the payload
   * @param payload the value, encoded; null if it cannot be, then the dead letter is not replayable
   * @param contentType media type of the payload
   * @param eventTimeMillis event time in milliseconds since the epoch, if it is known
   * @param error what went wrong
   */
  public DeadLetter ofValue(
      String category,
      String identity,
      byte @Nullable [] payload,
      String contentType,
      @Nullable Long eventTimeMillis,
      Throwable error) {
    return reencoded(
        category, Origin.none(), identity, payload, contentType, eventTimeMillis, error);
  }

  /**
   * The same, of a value that is encoded here. It is identified by its bytes; one that cannot be
   * encoded, by what its {@code toString} says.
   *
   * @param encoder writes the payload; opened before
   */
  public <T> DeadLetter ofValue(
      String category,
      T value,
      Encoder<T> encoder,
      @Nullable Long eventTimeMillis,
      Throwable error) {
    byte @Nullable [] payload = null;
    @Nullable EncodeException unwritten = null;
    String identity = "";
    try {
      payload = encoder.encode(value);
    } catch (EncodeException e) {
      unwritten = e;
      identity = readable(value);
    }
    return explain(
        ofValue(category, identity, payload, encoder.contentType(), eventTimeMillis, error),
        unwritten,
        error);
  }

  private static String readable(@Nullable Object value) {
    try {
      return String.valueOf(value);
    } catch (RuntimeException | StackOverflowError e) {
      return "";
    }
  }

  /**
   * Says why there is no payload. Not by adding to the error, which can be one that is thrown again
   * and again: the JVM does so in busy code.
   */
  private static DeadLetter explain(
      DeadLetter letter, @Nullable EncodeException unwritten, Throwable error) {
    if (unwritten != null && unwritten != error) {
      String why = "; cannot be encoded either: " + ErrorText.message(unwritten);
      String what = ErrorText.cap(letter.getErrorMessage(), MAX_MESSAGE / 2);
      letter.setErrorMessage(ErrorText.cap(what + why, MAX_MESSAGE));
    }
    return letter;
  }

  private DeadLetter reencoded(
      String category,
      Origin origin,
      String identity,
      byte @Nullable [] payload,
      String contentType,
      @Nullable Long eventTimeMillis,
      Throwable error) {
    DeadLetter letter =
        describe(letter(category, origin, identity, payload, eventTimeMillis, null), error);
    letter.setReencoded(true);
    letter.setReplayable(payload != null);
    letter.setContentType(contentType);
    return letter;
  }

  private DeadLetter letter(
      String category,
      Origin origin,
      String identity,
      byte @Nullable [] payload,
      @Nullable Long eventTimeMillis,
      @Nullable BoundedWindow window) {
    long now = clock.millis();
    DeadLetter letter = new DeadLetter();
    letter.setId(id(category, origin, identity, payload, eventTimeMillis, window));
    letter.setCategory(category);
    letter.setPipeline(pipeline);
    letter.setTemplateVersion(version);
    letter.setStage(stage);
    letter.setPayload(wrap(payload));
    letter.setPayloadSize(payload == null ? -1 : payload.length);
    letter.setReplayable(true);
    letter.setContentType("application/octet-stream");
    letter.setHeaders(List.of());
    letter.setSourceType(origin.isKnown() ? origin.type().name() : "");
    if (origin.isKnown()) {
      letter.setSource(origin.source());
      letter.setPartition(origin.type() == Origin.Type.KAFKA ? origin.partition() : null);
      letter.setOffset(origin.offset());
    }
    letter.setEventTimeMs(eventTimeMillis);
    if (window != null) {
      letter.setWindowStartMs(startMillis(window));
      letter.setWindowEndMs(endMillis(window));
    }
    @Nullable Replay replay = origin.replay();
    letter.setFirstFailureMs(replay == null ? now : replay.firstFailureMillis());
    letter.setLastFailureMs(now);
    letter.setAttempts(origin.attempt());
    letter.setPreviousId(replay == null ? null : replay.deadLetterId());
    letter.setRedacted(List.of());
    letter.setErrorClass("");
    letter.setErrorMessage("");
    letter.setErrorStack("");
    return letter;
  }

  private DeadLetter describe(DeadLetter letter, Throwable error) {
    letter.setErrorClass(error.getClass().getName());
    letter.setErrorMessage(ErrorText.message(error));
    letter.setErrorStack(ErrorText.stack(error));
    tellFirst(letter);
    return letter;
  }

  /**
   * For a job that is stopped before its dead letters are written, as by fail fast. Not the
   * message: it may quote what is redacted from the dead letter.
   */
  private void tellFirst(DeadLetter letter) {
    if (!told) {
      told = true;
      LOG.warn(
          "First dead letter of stage {} here: {} from {} partition {} offset {}: {}",
          stage,
          letter.getCategory(),
          letter.getSource(),
          letter.getPartition(),
          letter.getOffset(),
          letter.getErrorClass());
    }
  }

  /**
   * The same record that fails in the same stage again, after a retried bundle or in a second run,
   * has the same id. A value without coordinates is identified by its bytes.
   */
  private String id(
      String category,
      Origin origin,
      String identity,
      byte @Nullable [] payload,
      @Nullable Long eventTimeMillis,
      @Nullable BoundedWindow window) {
    MessageDigest digest = newDigest();
    StringBuilder whole =
        new StringBuilder(128)
            .append(pipeline)
            .append('|')
            .append(stage)
            .append('|')
            .append(origin.attempt())
            .append('|');
    if (window != null) {
      // Not the window's toString, which another kind of window need not have.
      whole.append(startMillis(window)).append('|').append(endMillis(window)).append('|');
    }
    if (origin.isKnown()) {
      whole.append(origin.type()).append('|').append(origin.source());
      whole.append('|').append(origin.partition()).append('|').append(origin.offset());
    } else {
      whole.append(category).append('|').append(eventTimeMillis).append('|').append(identity);
      if (payload != null) {
        digest.update(payload);
      }
    }
    byte[] hash = digest.digest(whole.toString().getBytes(UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }

  private static MessageDigest newDigest() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      // Not every security provider's can be.
      return sha256();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static @Nullable Long startMillis(BoundedWindow window) {
    return window instanceof IntervalWindow interval ? interval.start().getMillis() : null;
  }

  private static long endMillis(BoundedWindow window) {
    return window.maxTimestamp().getMillis() + 1;
  }

  private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  private static List<RecordHeader> headers(List<RawRecord.Header> headers) {
    List<RecordHeader> copies = new ArrayList<>(headers.size());
    for (RawRecord.Header header : headers) {
      copies.add(new RecordHeader(header.name(), wrap(header.value())));
    }
    return copies;
  }
}
