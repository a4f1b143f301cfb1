package org.beamtemplates.transforms.deliver;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.observe.StageCounters;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * What every delivery has in common: it counts its values, encodes them, and makes dead letters of
 * category DELIVER of those that can never be written. Serializable: a DoFn keeps it in a field and
 * {@link #open opens} it on the worker.
 *
 * @param <T> type of the values
 */
public final class DeliveryStage<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Encoder<T> encoder;
  private final StageDeadLetters letters;
  private final StageCounters counters;

  private DeliveryStage(Encoder<T> encoder, StageDeadLetters letters) {
    this.encoder = requireNonNull(encoder, "encoder");
    this.letters = requireNonNull(letters, "letters");
    this.counters = StageCounters.of(letters.stage());
  }

  /**
   * A stage whose values are encoded by {@code encoder}: to be written, or at least to be kept in
   * dead letters.
   */
  public static <T> DeliveryStage<T> of(Encoder<T> encoder, StageDeadLetters letters) {
    return new DeliveryStage<>(encoder, letters);
  }

  /** Prepares the encoder on a worker. */
  public void open() {
    encoder.open();
  }

  /** Counts a value that came in. */
  public void in() {
    counters.in();
  }

  /** Counts a value that is handed to the store. */
  public void out() {
    counters.out();
  }

  /** Counts values that the store has. */
  void out(long values) {
    counters.out(values);
  }

  /**
   * Encodes a value.
   *
   * @throws EncodeException if it can never be encoded
   */
  public byte[] encode(T value) throws EncodeException {
    return encoder.encode(value);
  }

  /**
   * Counts a value that can never be written as dead and makes its dead letter.
   *
   * @param payload the value, encoded; null if it cannot be, then the dead letter is not replayable
   * @param timestamp of the element
   * @param error why it cannot be written
   */
  public DeadLetter dead(T value, byte @Nullable [] payload, Instant timestamp, Throwable error) {
    counters.dead();
    return letters.ofValue(
        Categories.DELIVER,
        String.valueOf(value),
        payload,
        encoder.contentType(),
        timestamp.getMillis(),
        error);
  }
}
