package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.io.PanedFiles;
import org.beamtemplates.transforms.observe.StageCounters;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Writes values to files in a folder: lines of text, or Avro containers.
 *
 * <p>In: {@code PCollection<T>} in any windows. Bounded input becomes one file; unbounded input a
 * new one every so often, see {@link PanedFiles}, whose guarantee this has. A value that cannot be
 * encoded becomes a dead letter of category DELIVER. The folder is made if it is not there.
 */
public final class FileDelivery {

  /** Name of the stage in the accounting and in the dead letters. */
  static final String STAGE = "deliver";

  private static final String PREFIX = "results";
  private static final Duration EVERY = Duration.standardSeconds(10);

  private FileDelivery() {}

  /** Writes a line a value, as {@code encoder} encodes it, into {@code .jsonl} files. */
  public static <T> PTransform<PCollection<T>, PDone> jsonLines(
      String folder, Encoder<T> encoder, DeadLetters deadLetters) {
    return new Lines<>(
        requireNonNull(folder, "folder"), requireNonNull(encoder, "encoder"), deadLetters);
  }

  /** Writes Avro container files. */
  public static <T extends SpecificRecord> PTransform<PCollection<T>, PDone> avro(
      String folder, Class<T> type) {
    return new Containers<>(requireNonNull(folder, "folder"), requireNonNull(type, "type"));
  }

  private static final class Lines<T> extends PTransform<PCollection<T>, PDone> {

    private static final long serialVersionUID = 1L;

    private final String folder;
    private final Encoder<T> encoder;
    // Only used while the pipeline is built.
    private final transient DeadLetters deadLetters;

    Lines(String folder, Encoder<T> encoder, DeadLetters deadLetters) {
      this.folder = folder;
      this.encoder = encoder;
      this.deadLetters = requireNonNull(deadLetters, "deadLetters");
    }

    @Override
    public PDone expand(PCollection<T> values) {
      TupleTag<String> encoded = new TupleTag<>("encoded") {};
      TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
      PCollectionTuple outputs =
          values.apply(
              "Encode",
              ParDo.of(new EncodeLineFn<>(encoder, deadLetters.stage(STAGE), dead))
                  .withOutputTags(encoded, TupleTagList.of(dead)));
      deadLetters.add(STAGE, outputs.get(dead).setCoder(AvroCoder.of(DeadLetter.class)));
      return outputs
          .get(encoded)
          .setCoder(StringUtf8Coder.of())
          .apply("WriteFiles", PanedFiles.to(folder, TextIO.sink(), PREFIX, ".jsonl", EVERY));
    }
  }

  private static final class Containers<T extends SpecificRecord>
      extends PTransform<PCollection<T>, PDone> {

    private static final long serialVersionUID = 1L;

    private final String folder;
    private final Class<T> type;

    Containers(String folder, Class<T> type) {
      this.folder = folder;
      this.type = type;
    }

    @Override
    public PDone expand(PCollection<T> values) {
      return values
          .apply("Count", ParDo.of(new CountFn<T>()))
          .setCoder(AvroCoder.of(type))
          .apply("WriteFiles", PanedFiles.to(folder, AvroIO.sink(type), PREFIX, ".avro", EVERY));
    }
  }

  private static final class EncodeLineFn<T> extends DoFn<T, String> {

    private static final long serialVersionUID = 1L;

    private final Encoder<T> encoder;
    private final StageDeadLetters letters;
    private final TupleTag<DeadLetter> dead;
    private final StageCounters counters = StageCounters.of(STAGE);

    EncodeLineFn(Encoder<T> encoder, StageDeadLetters letters, TupleTag<DeadLetter> dead) {
      this.encoder = encoder;
      this.letters = letters;
      this.dead = dead;
    }

    @Setup
    public void setup() {
      encoder.open();
    }

    @ProcessElement
    public void process(
        @Element T value,
        @Timestamp Instant timestamp,
        OutputReceiver<String> encoded,
        MultiOutputReceiver outputs) {
      counters.in();
      String line;
      try {
        line = new String(encoder.encode(value), UTF_8);
      } catch (EncodeException e) {
        counters.dead();
        outputs
            .get(dead)
            .output(
                letters.ofValue(
                    Categories.DELIVER,
                    String.valueOf(value),
                    null,
                    encoder.contentType(),
                    timestamp.getMillis(),
                    e));
        return;
      }
      counters.out();
      encoded.output(line);
    }
  }

  /** Counts what is written; Avro values that exist can be encoded. */
  private static final class CountFn<T> extends DoFn<T, T> {

    private static final long serialVersionUID = 1L;

    private final StageCounters counters = StageCounters.of(STAGE);

    @ProcessElement
    public void process(@Element T value, OutputReceiver<T> output) {
      counters.in();
      counters.out();
      output.output(value);
    }
  }
}
