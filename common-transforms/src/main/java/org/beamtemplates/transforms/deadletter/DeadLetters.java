package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithFailures;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Collects the dead letters of all stages of a pipeline and writes them to one sink.
 *
 * <pre>{@code
 * try (DeadLetters deadLetters = DeadLetters.of("my-pipeline", "1.0", sink)) {
 *   PCollection<Ingested<PageEvent>> events =
 *       pipeline.apply("Ingest", KafkaIngestion.of(decoder)....withDeadLetters(deadLetters));
 *   ...
 * }
 * pipeline.run();
 * }</pre>
 *
 * <p>Collections of any windowing can be added: each is put into the global window first, where
 * nothing is ever too late. (Beam's own handler flattens its inputs as they are and fails for
 * different windowing.) The sink is attached when the handler is closed; a pipeline with nothing
 * added gets no sink. Used while the pipeline is built, by one thread.
 */
public final class DeadLetters implements AutoCloseable {

  private final String pipeline;
  private final String version;
  private final DeadLetterSink sink;
  private final Clock clock;
  private final FailureClassifier classifier;
  private final @Nullable Redaction redaction;
  private final List<PCollection<DeadLetter>> collections = new ArrayList<>();
  private final List<BeamErrorHandler> handlers = new ArrayList<>();
  private final Set<String> stages = new HashSet<>();
  private boolean closed;

  private DeadLetters(
      String pipeline,
      String version,
      DeadLetterSink sink,
      Clock clock,
      FailureClassifier classifier,
      @Nullable Redaction redaction) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.version = requireNonNull(version, "version");
    this.sink = requireNonNull(sink, "sink");
    this.clock = requireNonNull(clock, "clock");
    this.classifier = requireNonNull(classifier, "classifier");
    this.redaction = redaction;
  }

  /** Dead letters of a pipeline; name and template version are written into every envelope. */
  public static DeadLetters of(String pipeline, String version, DeadLetterSink sink) {
    return new DeadLetters(
        pipeline, version, sink, Clock.systemUTC(), FailureClassifier.standard(), null);
  }

  /** Takes the times of failure from another clock, which must be serializable. */
  public DeadLetters withClock(Clock other) {
    requireUnused("the clock");
    return new DeadLetters(pipeline, version, sink, other, classifier, redaction);
  }

  /**
   * Tells bad records from bad infrastructure in another way. Default: {@link
   * FailureClassifier#standard}.
   */
  public DeadLetters withClassifier(FailureClassifier other) {
    requireUnused("the classifier");
    return new DeadLetters(pipeline, version, sink, clock, other, redaction);
  }

  /** Keeps some content out of all dead letters. Default: they keep everything. */
  public DeadLetters withRedaction(Redaction other) {
    requireUnused("the redaction");
    return new DeadLetters(
        pipeline, version, sink, clock, classifier, requireNonNull(other, "redaction"));
  }

  private void requireUnused(String what) {
    if (!collections.isEmpty() || !handlers.isEmpty()) {
      throw new IllegalStateException("set " + what + " before the first stage");
    }
  }

  /** Returns the maker of a stage's dead letters, for use in its DoFn. */
  public StageDeadLetters stage(String stage) {
    return new StageDeadLetters(pipeline, version, stage, clock, classifier);
  }

  /**
   * Returns what a DoFn of your own needs to send an element to the dead letters in one call.
   *
   * @param stage name of the stage, as in {@link #add}
   * @param category see {@link Categories}; one of your own works, too
   * @param encoder writes the payload of the dead letters
   */
  public <T> DeadLetterRouter<T> router(String stage, String category, Encoder<T> encoder) {
    return new DeadLetterRouter<>(stage(stage), category, encoder);
  }

  /** Keeps the dead letters of a DoFn that used a router; returns its outputs as they are. */
  public PCollectionTuple collect(DeadLetterRouter<?> router, PCollectionTuple outputs) {
    add(router.stage(), outputs.get(router.tag()).setCoder(DeadLetterCoder.of()));
    return outputs;
  }

  /**
   * Returns what makes dead letters of the failures of one of Beam's transforms, for its {@code
   * exceptionsVia(…)}:
   *
   * <pre>{@code
   * PCollection<Ingested<Score>> scores =
   *     deadLetters.collect(
   *         "score",
   *         payments.apply(
   *             "Score",
   *             MapElements.via(new ScoreFn())
   *                 .exceptionsVia(deadLetters.failures("score", Categories.PROCESS, encoder))));
   * }</pre>
   *
   * <p>In: failed {@code Ingested<T>}; the dead letter has their coordinates. Their event time is
   * not known there. The accounting does not count them.
   */
  public <T> FailedElements<Ingested<T>> failures(
      String stage, String category, Encoder<T> encoder) {
    return FailedElements.ofIngested(stage(stage), category, encoder);
  }

  /** The same for values without coordinates. */
  public <T> FailedElements<T> valueFailures(String stage, String category, Encoder<T> encoder) {
    return FailedElements.ofValues(stage(stage), category, encoder);
  }

  /** Keeps the failures of one of Beam's transforms, and returns what did not fail. */
  public <OutT extends POutput> OutT collect(
      String stage, WithFailures.Result<OutT, DeadLetter> result) {
    add(stage, result.failures().setCoder(DeadLetterCoder.of()));
    return result.output();
  }

  /**
   * Adds dead letters of a stage, in whatever windows they are.
   *
   * @param stage name of the stage, which becomes part of a step's name; each is added once
   */
  public void add(String stage, PCollection<DeadLetter> deadLetters) {
    if (closed) {
      throw new IllegalStateException("dead letters of '" + stage + "' added after close()");
    }
    if (!stages.add(stage)) {
      throw new IllegalArgumentException("dead letters of stage '" + stage + "' added twice");
    }
    collections.add(
        deadLetters
            .setCoder(DeadLetterCoder.of())
            .apply(
                "DeadLetters-" + stage,
                Window.<DeadLetter>into(new GlobalWindows())
                    .triggering(DefaultTrigger.of())
                    .withAllowedLateness(Duration.ZERO)
                    .discardingFiredPanes()));
  }

  /**
   * Returns a handler for Beam's own transforms, {@code withErrorHandler(…)}, that reports into the
   * same place. A {@link BadRecord} has no coordinates, so the envelope has none; its event time is
   * the timestamp of the error. The accounting does not count it. Closing this closes the handler.
   *
   * @param stage name of the stage, as in {@link #add}
   * @param category see {@link Categories}
   */
  public ErrorHandler<BadRecord, PCollection<DeadLetter>> beamErrorHandler(
      String stage, String category) {
    BeamErrorHandler handler = new BeamErrorHandler(this, stage, category);
    handlers.add(handler);
    return handler;
  }

  /** Attaches the sink. Closing twice is harmless. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    // One that was left open would lose what its transforms report.
    handlers.forEach(BeamErrorHandler::close);
    closed = true;
    if (!collections.isEmpty()) {
      PCollection<DeadLetter> all =
          PCollectionList.of(collections).apply("DeadLetters", Flatten.pCollections());
      sink.write(
          redaction == null
              ? all
              : all.apply("RedactDeadLetters", ParDo.of(new RedactFn(redaction)))
                  .setCoder(DeadLetterCoder.of()));
    }
  }
}
