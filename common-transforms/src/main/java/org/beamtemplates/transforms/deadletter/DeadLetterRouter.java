package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Sends an element that a DoFn of yours cannot process to the dead letters, in one call. Made by
 * {@link DeadLetters#router}; a DoFn keeps it in a field and {@link #open opens} it in its setup.
 *
 * <pre>{@code
 * @ProcessElement
 * public void process(
 *     @Element Ingested<Payment> payment, @Timestamp Instant timestamp, MultiOutputReceiver out) {
 *   Score score;
 *   try {
 *     score = model.score(payment.value());
 *   } catch (RuntimeException e) {
 *     router.route(payment, timestamp, e, out);
 *     return;
 *   }
 *   out.get(SCORES).output(payment.with(score));
 * }
 * }</pre>
 *
 * <p>Guard the function alone, never the output: what the steps behind it throw is not this
 * element's fault. An error that is not the element's fault either is thrown again: see {@link
 * FailureClassifier}. What is sent is counted as <em>dead</em>; the DoFn counts the rest with
 * {@link StageCounters}, or leaves that and the guard to {@link Guarded}.
 *
 * @param <T> type of the values
 */
public final class DeadLetterRouter<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final StageDeadLetters letters;
  private final String category;
  private final Encoder<T> encoder;
  private final TupleTag<DeadLetter> tag = new TupleTag<>("dead");
  private final StageCounters counters;

  DeadLetterRouter(StageDeadLetters letters, String category, Encoder<T> encoder) {
    this.letters = requireNonNull(letters, "letters");
    this.category = requireNonNull(category, "category");
    this.encoder = requireNonNull(encoder, "encoder");
    this.counters = StageCounters.of(letters.stage());
  }

  /** Returns the name of the stage. */
  public String stage() {
    return letters.stage();
  }

  /** Returns the tag of the dead letters among the outputs of the DoFn. */
  public TupleTag<DeadLetter> tag() {
    return tag;
  }

  /** Prepares the encoder on a worker. */
  public void open() {
    encoder.open();
  }

  /**
   * Makes a dead letter of an event that still knows where it came from.
   *
   * @param timestamp of the element: the event time
   * @param error what went wrong; thrown again if it is not the event's fault
   */
  public void route(
      Ingested<T> element, Instant timestamp, Throwable error, MultiOutputReceiver outputs) {
    letters.rethrowInfrastructure(error);
    counters.dead();
    outputs
        .get(tag)
        .output(letters.ofEvent(category, element, encoder, timestamp.getMillis(), error));
  }

  /**
   * Makes a dead letter of a value without coordinates. Its id is made of the timestamp and the
   * payload, or of what {@code toString} says if the value cannot be encoded.
   */
  public void routeValue(T value, Instant timestamp, Throwable error, MultiOutputReceiver outputs) {
    letters.rethrowInfrastructure(error);
    counters.dead();
    outputs
        .get(tag)
        .output(letters.ofValue(category, value, encoder, timestamp.getMillis(), error));
  }
}
