package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.io.PanedFiles;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the guide to dead letters. */
@ExtendWith(TestPipelineExtension.class)
class DeadLetterExamplesTest {

  @TempDir private Path temporary;

  @Test
  void aSinkOfYourOwn(TestPipeline pipeline) throws IOException {
    String folder = temporary.toString();
    DeadLetter decode = letter(Categories.DECODE);

    DeadLetterSink suspects =
        letters ->
            letters
                .apply("Undecodable", Filter.by(l -> l.getCategory().equals(Categories.DECODE)))
                .apply(
                    "Describe",
                    MapElements.into(TypeDescriptors.strings())
                        .via(l -> l.getId() + "," + l.getSource() + "," + l.getErrorClass()))
                .apply(
                    "Write",
                    PanedFiles.to(
                        folder, TextIO.sink(), "suspects", ".csv", Duration.standardMinutes(1)));
    DeadLetterSink both = DeadLetterSinks.all(DeadLetterSinks.log(), suspects);

    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", both)) {
      deadLetters.add(
          "stage",
          pipeline.apply(
              Create.of(decode, letter(Categories.PROCESS))
                  .withCoder(AvroCoder.of(DeadLetter.class))));
    }
    pipeline.run();

    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(Files.readAllLines(files.filter(Files::isRegularFile).findFirst().orElseThrow()))
          .containsExactly(decode.getId() + ",orders,java.lang.Exception");
    }
  }

  private static DeadLetter letter(String category) {
    RawRecord raw =
        RawRecord.of(
            Origin.kafka("orders", 3, category.length()),
            null,
            "x".getBytes(UTF_8),
            List.of(),
            OptionalLong.of(7));
    return DeadLetters.of("shop", "1.0", letters -> null)
        .stage("decode")
        .ofRecord(category, raw, "x/y", null, null, new Exception("no"));
  }
}
