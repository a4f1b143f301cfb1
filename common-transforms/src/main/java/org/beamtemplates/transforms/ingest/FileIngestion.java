package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.io.LocalPaths;
import org.beamtemplates.transforms.launch.Explained;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads files, so that every template also runs on bounded input: the same decoding, validation,
 * event time and dead letters as {@link KafkaIngestion}.
 *
 * <p>Out: {@code PCollection<Ingested<T>>}, bounded, in the global window, each with its event time
 * as timestamp. Coordinates are the file and the number of the record in it, from 0. Nothing is
 * ever late. Files are spread over the workers; one file is read by one worker, from its beginning.
 * Compressed files ({@code .gz}, {@code .zst} and others, by their ending) are read for lines.
 *
 * @param <T> type of the values
 */
public final class FileIngestion<T> extends PTransform<PBegin, PCollection<Ingested<T>>>
    implements Explained {

  private static final long serialVersionUID = 1L;

  private final String files;
  private final RecordFormat<T> format;
  private final Decoder<T> decoder;
  private final SerializableFunction<T, Long> eventTimeMillis;
  private final Validator<T> validator;
  private final String stage;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private FileIngestion(
      String files,
      RecordFormat<T> format,
      Decoder<T> decoder,
      SerializableFunction<T, Long> eventTimeMillis,
      Validator<T> validator,
      String stage,
      @Nullable DeadLetters deadLetters) {
    this.files = LocalPaths.absolute(requireNonNull(files, "files"));
    this.format = format;
    this.decoder = requireNonNull(decoder, "decoder");
    this.eventTimeMillis = requireNonNull(eventTimeMillis, "eventTimeMillis");
    this.validator = requireNonNull(validator, "validator");
    this.stage = requireNonNull(stage, "stage");
    this.deadLetters = deadLetters;
  }

  /**
   * Reads files of lines, each a record for {@code decoder}; blank lines are no records.
   *
   * @param files a file or a pattern, such as {@code data/*.jsonl}
   * @param eventTimeMillis event time of a value in milliseconds since the epoch
   */
  public static <T> FileIngestion<T> lines(
      String files, Decoder<T> decoder, SerializableFunction<T, Long> eventTimeMillis) {
    return lines(files, decoder, eventTimeMillis, LinesFormat.MAX_LINE_BYTES);
  }

  static <T> FileIngestion<T> lines(
      String files,
      Decoder<T> decoder,
      SerializableFunction<T, Long> eventTimeMillis,
      int maxLineBytes) {
    return new FileIngestion<>(
        files,
        new LinesFormat<>(maxLineBytes),
        decoder,
        eventTimeMillis,
        Validator.none(),
        DecodeStep.DEFAULT_STAGE,
        null);
  }

  /**
   * Reads Avro container files, written with any compatible version of the schema.
   *
   * @param files a file or a pattern, such as {@code data/*.avro}
   * @param eventTimeMillis event time of a value in milliseconds since the epoch
   */
  public static <T extends SpecificRecord> FileIngestion<T> avro(
      String files, Class<T> type, SerializableFunction<T, Long> eventTimeMillis) {
    return new FileIngestion<>(
        files,
        new AvroContainerFormat<>(type),
        new ContainerDecoder<>(type),
        eventTimeMillis,
        Validator.none(),
        DecodeStep.DEFAULT_STAGE,
        null);
  }

  /** Also checks the content of values; what is not valid becomes a dead letter. */
  public FileIngestion<T> withValidator(Validator<T> other) {
    return copy(other, stage, deadLetters);
  }

  /** Where records go that cannot be processed. Required. */
  public FileIngestion<T> withDeadLetters(DeadLetters handler) {
    return copy(validator, stage, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second ingestion in a
   * pipeline. Default: ingest.
   */
  public FileIngestion<T> named(String stageName) {
    return copy(validator, stageName, deadLetters);
  }

  private FileIngestion<T> copy(
      Validator<T> newValidator, String newStage, @Nullable DeadLetters newDeadLetters) {
    return new FileIngestion<>(
        files, format, decoder, eventTimeMillis, newValidator, newStage, newDeadLetters);
  }

  /** Reads the same into batches, for steps that take batches. */
  public PTransform<PBegin, PCollection<IngestedBatch<T>>> inBatches() {
    return new InBatches<>(this);
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.reads("files " + files + ", each once, and ends with them; event time is in the records");
    to.reads("nothing is late: files have no watermark");
  }

  @Override
  public PCollection<Ingested<T>> expand(PBegin begin) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: records would be lost");
    DecodeStep<T> step =
        new DecodeStep<>(decoder, validator, EventTime.ofRecordTimestamp(), handler.stage(stage));
    PCollection<ReadableFile> found =
        begin
            .apply(
                "Match",
                FileIO.match()
                    .filepattern(files)
                    .withEmptyMatchTreatment(EmptyMatchTreatment.DISALLOW))
            .apply("Open", FileIO.readMatches())
            .apply("Spread", Reshuffle.viaRandomKey());
    return step.decodeWith(new ReadFn<>(format, step, eventTimeMillis), found, handler);
  }

  private static final class InBatches<T> extends PTransform<PBegin, PCollection<IngestedBatch<T>>>
      implements Explained {

    private static final long serialVersionUID = 1L;

    private final FileIngestion<T> ingestion;

    InBatches(FileIngestion<T> ingestion) {
      this.ingestion = ingestion;
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      ingestion.explain(runner, to);
    }

    @Override
    public PCollection<IngestedBatch<T>> expand(PBegin begin) {
      return ingestion.expand(begin).apply("Batch", IngestedBatch.gathered());
    }
  }

  private static final class ReadFn<T> extends DoFn<ReadableFile, Ingested<T>> {

    private static final long serialVersionUID = 1L;

    private final RecordFormat<T> format;
    private final DecodeStep<T> step;
    private final SerializableFunction<T, Long> eventTimeMillis;

    ReadFn(
        RecordFormat<T> format, DecodeStep<T> step, SerializableFunction<T, Long> eventTimeMillis) {
      this.format = format;
      this.step = step;
      this.eventTimeMillis = eventTimeMillis;
    }

    @Setup
    public void setup() {
      step.open();
    }

    @ProcessElement
    public void process(@Element ReadableFile file, MultiOutputReceiver output) throws IOException {
      format.read(file, step, eventTimeMillis, output);
    }
  }
}
