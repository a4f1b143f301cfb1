package org.beamtemplates.transforms.deadletter;

import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;

/** Writes each dead letter to several places; the steps of each place have its number. */
final class AllDeadLetterSinks implements DeadLetterSink {

  private final List<DeadLetterSink> sinks;

  AllDeadLetterSinks(List<DeadLetterSink> sinks) {
    this.sinks = sinks;
  }

  @Override
  public POutput write(PCollection<DeadLetter> deadLetters) {
    for (int i = 0; i < sinks.size(); i++) {
      deadLetters.apply("Sink" + (i + 1), new Scope(sinks.get(i)));
    }
    return PDone.in(deadLetters.getPipeline());
  }

  /** Gives the steps of a sink a name of their own. */
  private static final class Scope extends PTransform<PCollection<DeadLetter>, PDone> {

    private static final long serialVersionUID = 1L;

    // Only used while the pipeline is built.
    private final transient DeadLetterSink sink;

    Scope(DeadLetterSink sink) {
      this.sink = sink;
    }

    @Override
    public PDone expand(PCollection<DeadLetter> deadLetters) {
      sink.write(deadLetters);
      return PDone.in(deadLetters.getPipeline());
    }
  }
}
