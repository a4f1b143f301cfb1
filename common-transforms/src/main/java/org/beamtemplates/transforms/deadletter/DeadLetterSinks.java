package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.io.PanedFiles;
import org.joda.time.Duration;

/** The ready places for dead letters. */
public final class DeadLetterSinks {

  private DeadLetterSinks() {}

  /**
   * A Kafka topic. Key: the dead letter's id; value: Avro in the single-object encoding, which
   * needs no registry, so that dead letters can be written when the registry is what is away.
   * Headers {@code id}, {@code category}, {@code pipeline}, {@code stage}, {@code source}, {@code
   * partition} and {@code offset} make them readable with any Kafka tool. Those of Kafka Connect's
   * dead letter queue, from {@code __connect.errors.topic} to {@code
   * __connect.errors.exception.message}, make them readable with tools for such queues; they stay
   * away where they would take more than a quarter of {@link KafkaDeadLetterSink#withMaxBytes}.
   *
   * <p>Brokers that are away are waited for, 10 minutes; then the bundle fails and is repeated. A
   * dead letter that the topic refuses, because it takes less than {@link
   * KafkaDeadLetterSink#withMaxBytes}, is sent again in 8 kB, without its payload; one that is
   * refused even then goes to the log as an error, and is counted as {@code deadletter.refused}.
   *
   * <p>Guarantee: at least once; a repeated one has the same id. A payload that does not fit into
   * {@link KafkaDeadLetterSink#withMaxBytes a message} goes to a file if {@link
   * KafkaDeadLetterSink#withOverflowTo there is a place for it}, else the envelope is written
   * without it and marked as not replayable.
   */
  public static KafkaDeadLetterSink kafka(String bootstrapServers, String topic) {
    return new KafkaDeadLetterSink(bootstrapServers, topic);
  }

  /**
   * Avro container files in a folder, written once everything has been read, or every 30 seconds of
   * processing time if the pipeline is unbounded. Guarantee: at least once.
   */
  public static DeadLetterSink files(String folder) {
    return files(folder, Duration.standardSeconds(30));
  }

  /**
   * Avro container files in a folder, a new one {@code every} so often if there is anything new.
   */
  public static DeadLetterSink files(String folder, Duration every) {
    requireNonNull(folder, "folder");
    requireNonNull(every, "every");
    return deadLetters ->
        deadLetters.apply(
            "WriteDeadLetters",
            PanedFiles.to(folder, AvroIO.sink(DeadLetter.class), "dead-letters", ".avro", every));
  }

  /**
   * Files with a JSON object in each line, for people and for tools that know no Avro: {@link
   * DeadLetterJson} reads them back. Written as {@link #files} are. A payload that makes a line
   * longer than {@link JsonLinesDeadLetterSink#withMaxBytes 16 MB} goes to a file of its own.
   * Guarantee: at least once.
   */
  public static JsonLinesDeadLetterSink jsonLines(String folder) {
    return new JsonLinesDeadLetterSink(folder);
  }

  /**
   * Several places, each of which gets every dead letter. A place that is away stops the others,
   * too, until it is back: each holds all of them at least once. The order is part of the steps'
   * names, so that a new place goes to the end.
   */
  public static DeadLetterSink all(DeadLetterSink... sinks) {
    if (sinks.length == 0) {
      throw new IllegalArgumentException("dead letters need a sink at least");
    }
    return new AllDeadLetterSinks(List.of(sinks));
  }

  /** A line a dead letter in the log, without payload. For trying things out. */
  public static DeadLetterSink log() {
    return deadLetters -> deadLetters.apply("LogDeadLetters", ParDo.of(new LogDeadLettersFn()));
  }
}
