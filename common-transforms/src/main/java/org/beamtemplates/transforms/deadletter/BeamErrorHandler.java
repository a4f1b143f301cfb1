package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.beamtemplates.schemas.DeadLetter;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Turns the {@link BadRecord}s of Beam's transforms into dead letters. */
final class BeamErrorHandler implements ErrorHandler<BadRecord, PCollection<DeadLetter>> {

  private static final long serialVersionUID = 1L;

  // Only used while the pipeline is built: a handler is serializable because transforms hold it.
  private final transient DeadLetters deadLetters;
  private final transient List<PCollection<BadRecord>> collections = new ArrayList<>();
  private final String stage;
  private final String category;
  private transient @Nullable PCollection<DeadLetter> output;
  private boolean closed;

  BeamErrorHandler(DeadLetters deadLetters, String stage, String category) {
    this.deadLetters = deadLetters;
    this.stage = requireNonNull(stage, "stage");
    this.category = requireNonNull(category, "category");
  }

  @Override
  public void addErrorCollection(PCollection<BadRecord> errors) {
    if (closed) {
      throw new IllegalStateException("errors of '" + stage + "' added after close()");
    }
    collections.add(
        errors.apply(
            "BadRecords-" + stage + "-" + collections.size(),
            Window.<BadRecord>into(new GlobalWindows())
                .triggering(DefaultTrigger.of())
                .withAllowedLateness(Duration.ZERO)
                .discardingFiredPanes()));
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public @Nullable PCollection<DeadLetter> getOutput() {
    if (!closed) {
      throw new IllegalStateException("the handler of '" + stage + "' is still open");
    }
    return output;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (collections.isEmpty()) {
      return;
    }
    output =
        PCollectionList.of(collections)
            .apply("BadRecords-" + stage, Flatten.pCollections())
            .apply(
                "ToDeadLetters-" + stage,
                ParDo.of(new ConvertFn(deadLetters.stage(stage), category)))
            .setCoder(DeadLetterCoder.of());
    deadLetters.add(stage, output);
  }

  private static final class ConvertFn extends DoFn<BadRecord, DeadLetter> {

    private static final long serialVersionUID = 1L;

    private final StageDeadLetters letters;
    private final String category;

    ConvertFn(StageDeadLetters letters, String category) {
      this.letters = letters;
      this.category = category;
    }

    @ProcessElement
    public void process(
        @Element BadRecord bad, @Timestamp Instant timestamp, OutputReceiver<DeadLetter> output) {
      BadRecord.Failure failure = bad.getFailure();
      // Where a record could not even be encoded, its readable form is what tells it from others.
      DeadLetter letter =
          letters.ofValue(
              category,
              failure.getDescription() + "|" + bad.getRecord().getHumanReadableJsonRecord(),
              bad.getRecord().getEncodedRecord(),
              "application/x-beam-coder",
              timestamp.getMillis(),
              new Reported(
                  Objects.requireNonNullElse(failure.getException(), failure.getDescription())));
      letter.setErrorClass("org.apache.beam.sdk.transforms.errorhandling.BadRecord");
      String stack = Objects.requireNonNullElse(failure.getExceptionStacktrace(), "");
      letter.setErrorStack(ErrorText.cap(stack, StageDeadLetters.MAX_STACK));
      output.output(letter);
    }
  }

  /** What Beam tells of an error; its stack is a text. */
  private static final class Reported extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Reported(String message) {
      super(message, null, false, false);
    }
  }
}
