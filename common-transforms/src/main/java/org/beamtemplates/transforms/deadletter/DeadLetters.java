package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.beamtemplates.schemas.DeadLetter;
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
  private final List<PCollection<DeadLetter>> collections = new ArrayList<>();
  private final List<BeamErrorHandler> handlers = new ArrayList<>();
  private final Set<String> stages = new HashSet<>();
  private boolean closed;

  private DeadLetters(String pipeline, String version, DeadLetterSink sink, Clock clock) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.version = requireNonNull(version, "version");
    this.sink = requireNonNull(sink, "sink");
    this.clock = requireNonNull(clock, "clock");
  }

  /** Dead letters of a pipeline; name and template version are written into every envelope. */
  public static DeadLetters of(String pipeline, String version, DeadLetterSink sink) {
    return new DeadLetters(pipeline, version, sink, Clock.systemUTC());
  }

  /** Takes the times of failure from another clock, which must be serializable. */
  public DeadLetters withClock(Clock other) {
    if (!collections.isEmpty()) {
      throw new IllegalStateException("set the clock before the first stage");
    }
    return new DeadLetters(pipeline, version, sink, other);
  }

  /** Returns the maker of a stage's dead letters, for use in its DoFn. */
  public StageDeadLetters stage(String stage) {
    return new StageDeadLetters(pipeline, version, stage, clock);
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
      sink.write(PCollectionList.of(collections).apply("DeadLetters", Flatten.pCollections()));
    }
  }
}
