package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;

/**
 * Reads Avro containers of dead letters. A file that is broken gives what is before the break, and
 * one malformed parcel for the rest.
 */
final class ReadFilesFn extends DoFn<ReadableFile, Parcel> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(@Element ReadableFile file, OutputReceiver<Parcel> output)
      throws IOException {
    String name = file.getMetadata().resourceId().toString();
    long number = 0;
    try (InputStream bytes = Channels.newInputStream(file.open());
        DataFileStream<DeadLetter> letters =
            new DataFileStream<>(bytes, new SpecificDatumReader<>(DeadLetter.class))) {
      while (letters.hasNext()) {
        byte[] letter = DeadLetterCodec.encode(letters.next());
        output.output(Parcel.unopened(name + "#" + number, null, letter));
        number++;
      }
    } catch (AvroRuntimeException | IOException e) {
      String place = name + "#" + number;
      output.output(
          Parcel.unopened(place, null, place.getBytes(UTF_8))
              .malformed("the file cannot be read from here on: " + e.getMessage()));
    }
  }
}
