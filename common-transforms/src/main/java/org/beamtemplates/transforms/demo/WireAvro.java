package org.beamtemplates.transforms.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes events in Confluent's wire format with one version of their schema, as a producer does
 * that knows no other. Not thread-safe: buffer, encoder and record are reused.
 *
 * @param <E> type of the events
 */
public final class WireAvro<E extends SpecificRecord> {

  private static final int INITIAL_SIZE = 256;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_SIZE);
  private final byte[] header;
  private final GenericData.Record written;
  private final int[] positions;
  private final GenericDatumWriter<GenericData.Record> writer;
  private @Nullable BinaryEncoder encoder;

  /**
   * @param schemaId what the registry calls the version
   * @param version a version of the schema whose fields are among those of {@code events}
   * @param events schema of the events
   */
  public WireAvro(int schemaId, Schema version, Schema events) {
    this.header = ByteBuffer.allocate(1 + Integer.BYTES).put((byte) 0).putInt(schemaId).array();
    this.written = new GenericData.Record(version);
    this.writer = new GenericDatumWriter<>(version);
    this.positions =
        version.getFields().stream()
            .mapToInt(field -> events.getField(field.name()).pos())
            .toArray();
  }

  /** Returns the bytes of an event, without the fields that the version does not have. */
  public byte[] encode(E event) {
    for (int i = 0; i < positions.length; i++) {
      written.put(i, event.get(positions[i]));
    }
    out.reset();
    out.writeBytes(header);
    try {
      encoder = EncoderFactory.get().binaryEncoder(out, encoder);
      writer.write(written, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write an event", e);
    }
    return out.toByteArray();
  }
}
