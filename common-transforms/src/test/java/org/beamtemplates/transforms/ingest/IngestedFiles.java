package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/** What a file ingestion has read. */
record IngestedFiles(List<Seen> seen, List<DeadLetter> letters, Accounting.Stage accounting) {

  /** A value as it came out: its text, its coordinates, its event time. */
  private record Seen(String text, String source, long number, long timestamp)
      implements Serializable {}

  static <T> IngestedFiles read(TestPipeline pipeline, FileIngestion<T> ingestion) {
    CaughtDeadLetters dead = new CaughtDeadLetters();
    Gathered<Seen> seen;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      seen =
          Gathered.of(
              pipeline
                  .apply("Ingest", ingestion.withDeadLetters(deadLetters))
                  .apply("See", ParDo.of(new SeeFn<T>()))
                  .setCoder(SerializableCoder.of(Seen.class)));
    }
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return new IngestedFiles(
        seen.elements(),
        dead.letters(),
        Accounting.of(result.metrics()).stage(DecodeStep.DEFAULT_STAGE));
  }

  /** Returns texts, each with its number in its file. */
  List<String> values() {
    return seen.stream().map(value -> value.text() + " #" + value.number()).toList();
  }

  List<Long> timestamps() {
    return seen.stream().map(Seen::timestamp).toList();
  }

  List<String> sources() {
    return seen.stream().map(Seen::source).distinct().toList();
  }

  /** Returns category, number, payload and message of each dead letter. */
  List<String> dead() {
    return letters.stream()
        .map(
            letter ->
                letter.getCategory()
                    + " #"
                    + letter.getOffset()
                    + " "
                    + (letter.getPayload() == null
                        ? null
                        : UTF_8.decode(letter.getPayload().duplicate()))
                    + ": "
                    + letter.getErrorMessage())
        .toList();
  }

  private static final class SeeFn<T> extends DoFn<Ingested<T>, Seen> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<T> element, @Timestamp Instant timestamp, OutputReceiver<Seen> output) {
      String text =
          element.value() instanceof PageEvent event
              ? event.getEventId()
              : String.valueOf(element.value()).replaceAll("@.*", "");
      output.output(
          new Seen(
              text, element.origin().source(), element.origin().offset(), timestamp.getMillis()));
    }
  }
}
