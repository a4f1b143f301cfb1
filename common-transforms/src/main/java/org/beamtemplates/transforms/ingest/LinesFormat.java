package org.beamtemplates.transforms.ingest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * A record a line, ended by {@code \n} or {@code \r\n}. Blank lines are skipped and not counted.
 */
final class LinesFormat<T> implements RecordFormat<T> {

  private static final long serialVersionUID = 1L;

  /** A longer line is no record, and must not fill the memory. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  @Override
  public void read(
      ReadableFile file,
      DecodeStep<T> step,
      SerializableFunction<T, Long> eventTimeMillis,
      MultiOutputReceiver output)
      throws IOException {
    String path = file.getMetadata().resourceId().toString();
    try (InputStream in =
        new BufferedInputStream(Channels.newInputStream(file.open()), BUFFER_BYTES)) {
      Line line = new Line();
      for (long number = 0; line.readFrom(in); ) {
        if (line.isBlank()) {
          continue;
        }
        RawRecord raw = RawRecord.of(Origin.file(path, number), line.bytes());
        number++;
        if (line.isCut()) {
          DecodeException error =
              new DecodeException("the line is longer than " + MAX_LINE_BYTES + " bytes");
          step.unreadable(raw, false, error, output);
        } else {
          step.process(raw, eventTimeMillis, output);
        }
      }
    }
  }

  /** One line after the other. */
  private static final class Line {

    private final ByteArrayOutputStream content = new ByteArrayOutputStream(1_024);
    private boolean blank;
    private boolean cut;

    /** Reads the next line; false at the end of the file. */
    boolean readFrom(InputStream in) throws IOException {
      content.reset();
      blank = true;
      cut = false;
      int next = in.read();
      if (next < 0) {
        return false;
      }
      for (; next >= 0 && next != '\n'; next = in.read()) {
        blank &= next == ' ' || next == '\t' || next == '\r';
        if (content.size() < MAX_LINE_BYTES) {
          content.write(next);
        } else {
          cut = true;
        }
      }
      return true;
    }

    boolean isBlank() {
      return blank;
    }

    boolean isCut() {
      return cut;
    }

    byte[] bytes() {
      byte[] bytes = content.toByteArray();
      boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
      return carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }
  }
}
