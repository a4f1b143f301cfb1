package org.beamtemplates.transforms.ingest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record a line, ended by {@code \n} or {@code \r\n}. Blank lines are skipped and not counted.
 * Where a compressed file is damaged, the lines before the damage are kept, and one dead letter
 * without bytes stands for the rest.
 */
final class LinesFormat<T> implements RecordFormat<T> {

  private static final long serialVersionUID = 1L;

  /** A longer line is no record, and must not fill the memory. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final int maxLineBytes;

  LinesFormat(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
  }

  @Override
  public void read(
      ReadableFile file,
      DecodeStep<T> step,
      SerializableFunction<T, Long> eventTimeMillis,
      MultiOutputReceiver output)
      throws IOException {
    String path = file.getMetadata().resourceId().toString();
    long number = 0;
    try (StorageChannel storage =
            new StorageChannel(FileSystems.open(file.getMetadata().resourceId()));
        Line line = new Line(maxLineBytes)) {
      while (true) {
        try {
          if (!line.readFrom(storage, file.getCompression())) {
            return;
          }
        } catch (IOException e) {
          if (storage.hasFailed()) {
            throw e;
          }
          RawRecord nothing = RawRecord.of(Origin.file(path, number), null);
          DecodeException error = new DecodeException("the compressed file is damaged", e);
          step.unreadable(nothing, false, error, output);
          return;
        }
        if (line.isBlank()) {
          continue;
        }
        RawRecord raw = RawRecord.of(Origin.file(path, number), line.bytes());
        number++;
        if (line.isCut()) {
          DecodeException error =
              new DecodeException("the line is longer than " + maxLineBytes + " bytes");
          step.unreadable(raw, false, error, output);
        } else {
          step.process(raw, eventTimeMillis, output);
        }
      }
    }
  }

  /** One line after the other. */
  private static final class Line implements AutoCloseable {

    private final int maxBytes;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream(1_024);
    private @Nullable InputStream in;
    private boolean blank;
    private boolean cut;

    Line(int maxBytes) {
      this.maxBytes = maxBytes;
    }

    /** Reads the next line; false at the end of the file. */
    boolean readFrom(ReadableByteChannel channel, Compression compression) throws IOException {
      if (in == null) {
        in =
            new BufferedInputStream(
                Channels.newInputStream(compression.readDecompressed(channel)), BUFFER_BYTES);
      }
      content.reset();
      blank = true;
      cut = false;
      boolean more = false;
      int next = in.read();
      if (next < 0) {
        return false;
      }
      for (; next >= 0 && next != '\n'; next = in.read()) {
        blank &= next == ' ' || next == '\t' || next == '\r';
        if (content.size() < maxBytes) {
          content.write(next);
        } else {
          // A line of exactly as many bytes may still end with a carriage return.
          cut |= more || next != '\r';
          more = true;
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
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
