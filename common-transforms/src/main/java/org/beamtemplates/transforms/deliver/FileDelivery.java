package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.io.PanedFiles;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Writes values to files in a folder: lines of text, or Avro containers.
 *
 * <p>In: {@code PCollection<T>} in any windows. Bounded input becomes one file; unbounded input a
 * new one every so often, see {@link PanedFiles}, whose guarantee this has. A value that cannot be
 * encoded becomes a dead letter of category DELIVER. The folder is made if it is not there.
 *
 * @param <T> type of the values
 */
public final class FileDelivery<T> extends PTransform<PCollection<T>, PDone> {

  private static final long serialVersionUID = 1L;
  private static final String DEFAULT_STAGE = "deliver";
  private static final String PREFIX = "results";
  private static final Duration EVERY = Duration.standardSeconds(10);

  /** Brings values into the shape that a kind of file takes, and writes them. */
  private interface Format<T> extends Serializable {

    PDone write(PCollection<T> values, String folder, String stage, DeadLetters deadLetters);
  }

  private final Format<T> format;
  private final String folder;
  private final String stage;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private FileDelivery(
      Format<T> format, String folder, String stage, @Nullable DeadLetters deadLetters) {
    this.format = format;
    this.folder = requireNonNull(folder, "folder");
    this.stage = requireNonNull(stage, "stage");
    this.deadLetters = deadLetters;
  }

  /** Writes a line a value, as {@code encoder} encodes it, into {@code .jsonl} files. */
  public static <T> FileDelivery<T> jsonLines(String folder, Encoder<T> encoder) {
    requireNonNull(encoder, "encoder");
    return new FileDelivery<>(
        (values, to, stage, deadLetters) -> writeLines(values, encoder, to, stage, deadLetters),
        folder,
        DEFAULT_STAGE,
        null);
  }

  /** Writes Avro container files. */
  public static <T extends SpecificRecord> FileDelivery<T> avro(String folder, Class<T> type) {
    requireNonNull(type, "type");
    return new FileDelivery<>(
        (values, to, stage, deadLetters) -> writeContainers(values, type, to, stage, deadLetters),
        folder,
        DEFAULT_STAGE,
        null);
  }

  /** Where values go that can never be written. Required. */
  public FileDelivery<T> withDeadLetters(DeadLetters handler) {
    return new FileDelivery<>(format, folder, stage, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second delivery in a
   * pipeline. Default: deliver.
   */
  public FileDelivery<T> named(String stageName) {
    return new FileDelivery<>(format, folder, stageName, deadLetters);
  }

  @Override
  public PDone expand(PCollection<T> values) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: values would be lost");
    return format.write(values, folder, stage, handler);
  }

  private static <T> PDone writeLines(
      PCollection<T> values,
      Encoder<T> encoder,
      String folder,
      String stage,
      DeadLetters deadLetters) {
    TupleTag<String> encoded = new TupleTag<>("encoded") {};
    TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        values.apply(
            "Encode",
            ParDo.of(
                    new EncodeFn<>(
                        DeliveryStage.of(encoder, deadLetters.stage(stage)),
                        (value, bytes) -> new String(bytes, UTF_8),
                        dead))
                .withOutputTags(encoded, TupleTagList.of(dead)));
    deadLetters.add(stage, outputs.get(dead).setCoder(DeadLetterCoder.of()));
    return outputs
        .get(encoded)
        .setCoder(StringUtf8Coder.of())
        .apply("WriteFiles", PanedFiles.to(folder, TextIO.sink(), PREFIX, ".jsonl", EVERY));
  }

  private static <T extends SpecificRecord> PDone writeContainers(
      PCollection<T> values, Class<T> type, String folder, String stage, DeadLetters deadLetters) {
    TupleTag<T> encodable = new TupleTag<>("encodable") {};
    TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        values.apply(
            "Encode",
            ParDo.of(
                    new EncodeFn<>(
                        DeliveryStage.of(Encoders.avro(type), deadLetters.stage(stage)),
                        (value, bytes) -> value,
                        dead))
                .withOutputTags(encodable, TupleTagList.of(dead)));
    deadLetters.add(stage, outputs.get(dead).setCoder(DeadLetterCoder.of()));
    return outputs
        .get(encodable)
        .setCoder(AvroCoder.of(type))
        .apply("WriteFiles", PanedFiles.to(folder, AvroIO.sink(type), PREFIX, ".avro", EVERY));
  }
}
