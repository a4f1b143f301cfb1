package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.InferableFunction;
import org.apache.beam.sdk.transforms.WithFailures.ExceptionElement;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.record.Ingested;

/**
 * Makes dead letters of the failures of Beam's own transforms: see {@link DeadLetters#failures}.
 *
 * @param <T> type of the elements
 */
public final class FailedElements<T> extends InferableFunction<ExceptionElement<T>, DeadLetter> {

  private static final long serialVersionUID = 1L;

  /** Makes the dead letter of one element. */
  private interface Maker<T> extends Serializable {

    DeadLetter letter(T element, Throwable error);
  }

  private final StageDeadLetters letters;
  private final Encoder<?> encoder;
  private final Maker<T> maker;
  private transient boolean opened;

  private FailedElements(StageDeadLetters letters, Encoder<?> encoder, Maker<T> maker) {
    this.letters = requireNonNull(letters, "letters");
    this.encoder = requireNonNull(encoder, "encoder");
    this.maker = maker;
  }

  static <V> FailedElements<Ingested<V>> ofIngested(
      StageDeadLetters letters, String category, Encoder<V> encoder) {
    return new FailedElements<>(
        letters,
        encoder,
        (element, error) -> letters.ofEvent(category, element, encoder, null, error));
  }

  static <V> FailedElements<V> ofValues(
      StageDeadLetters letters, String category, Encoder<V> encoder) {
    return new FailedElements<>(
        letters, encoder, (value, error) -> letters.ofValue(category, value, encoder, null, error));
  }

  /** Makes the dead letter; throws the error again if it is not the element's fault. */
  @Override
  public DeadLetter apply(ExceptionElement<T> failed) {
    letters.rethrowInfrastructure(failed.exception());
    if (!opened) {
      encoder.open();
      opened = true;
    }
    return maker.letter(failed.element(), failed.exception());
  }

  @Override
  public TypeDescriptor<DeadLetter> getOutputTypeDescriptor() {
    return TypeDescriptor.of(DeadLetter.class);
  }
}
