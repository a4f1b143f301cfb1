package org.beamtemplates.testing;

import java.util.List;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterSink;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A sink that keeps the dead letters of a pipeline for the test.
 *
 * <pre>{@code
 * CaughtDeadLetters caught = new CaughtDeadLetters();
 * try (DeadLetters deadLetters = DeadLetters.of("my-pipeline", "1.0", caught)) {
 *   views.lateTo(deadLetters, Encoders.json(PageEvent.class));
 * }
 * pipeline.run();
 * caught.check().has(letter("LATE").stage("aggregate")).noOthers();
 * }</pre>
 *
 * <p>They are gathered in this JVM, so the runner must work in it, as those of the conformance runs
 * do.
 */
public final class CaughtDeadLetters implements DeadLetterSink {

  private @Nullable Gathered<DeadLetter> gathered;

  @Override
  public POutput write(PCollection<DeadLetter> deadLetters) {
    gathered = Gathered.of(deadLetters);
    return PDone.in(deadLetters.getPipeline());
  }

  /** Returns the dead letters, in no order. */
  public List<DeadLetter> letters() {
    if (gathered == null) {
      throw new IllegalStateException(
          "nothing was caught: no stage has added its dead letters, or DeadLetters is not closed");
    }
    return gathered.elements();
  }

  /** Begins to check the dead letters. */
  public DeadLetterCheck check() {
    return DeadLetterCheck.of(letters());
  }
}
