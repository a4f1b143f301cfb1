package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.apache.beam.sdk.io.FileIO;
import org.beamtemplates.schemas.DeadLetter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A file with a dead letter in each line. */
final class JsonLinesFile implements FileIO.Sink<DeadLetter> {

  private static final long serialVersionUID = 1L;

  private final EnvelopeLimit limit;
  private final int maxBytes;
  private transient @Nullable OutputStream out;

  /**
   * @param maxBytes the longest line
   */
  JsonLinesFile(EnvelopeLimit limit, int maxBytes) {
    this.limit = limit;
    this.maxBytes = maxBytes;
  }

  @Override
  public void open(WritableByteChannel channel) {
    out = Channels.newOutputStream(channel);
  }

  @Override
  public void write(DeadLetter letter) throws IOException {
    byte[] line = limit.fit(letter, maxBytes, DeadLetterJson::encode);
    OutputStream file = requireNonNull(out, "open() comes first");
    file.write(line);
    file.write('\n');
  }

  @Override
  public void flush() throws IOException {
    requireNonNull(out, "open() comes first").flush();
  }
}
