package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterJson;

/**
 * Reads dead letters from Avro containers and lines of JSON. A container that is broken gives what
 * is before the break, and one malformed parcel for the rest; a line that is broken is one itself.
 */
final class ReadFilesFn extends DoFn<ReadableFile, Parcel> {

  private static final long serialVersionUID = 1L;

  /** Ending of the names of Avro containers. */
  static final String AVRO = ".avro";

  /** Ending of the names of files with lines of JSON. */
  static final String JSON_LINES = ".jsonl";

  @ProcessElement
  public void process(@Element ReadableFile file, OutputReceiver<Parcel> output) {
    String name = file.getMetadata().resourceId().toString();
    if (name.endsWith(JSON_LINES)) {
      readLines(file, name, output);
    } else {
      readContainer(file, name, output);
    }
  }

  private static void readContainer(ReadableFile file, String name, OutputReceiver<Parcel> output) {
    long number = 0;
    try (DataFileReader<DeadLetter> letters =
        new DataFileReader<>(
            new ChannelInput(file.openSeekable()), new SpecificDatumReader<>(DeadLetter.class))) {
      while (letters.hasNext()) {
        byte[] letter = DeadLetterCodec.encode(letters.next());
        output.output(Parcel.unopened(name + "#" + number, null, letter));
        number++;
      }
      // A file that ends within a block looks as if it ended before it.
      if (file.getMetadata().sizeBytes() > letters.previousSync()) {
        output.output(broken(name, number, "its last block is not whole"));
      }
    } catch (AvroRuntimeException | IOException e) {
      output.output(broken(name, number, e.getMessage()));
    }
  }

  private static void readLines(ReadableFile file, String name, OutputReceiver<Parcel> output) {
    long number = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Channels.newInputStream(file.open()), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          output.output(parcel(name + "#" + number, line));
        }
        number++;
      }
    } catch (IOException e) {
      output.output(broken(name, number, e.getMessage()));
    }
  }

  private static Parcel parcel(String place, String line) {
    try {
      return Parcel.unopened(
          place, null, DeadLetterCodec.encode(DeadLetterJson.decode(line.getBytes(UTF_8))));
    } catch (IllegalArgumentException e) {
      return Parcel.unopened(place, null, line.getBytes(UTF_8)).malformed(e.getMessage());
    }
  }

  private static Parcel broken(String name, long number, String reason) {
    String place = name + "#" + number;
    return Parcel.unopened(place, null, place.getBytes(UTF_8))
        .malformed("the file cannot be read from here on: " + reason);
  }
}
