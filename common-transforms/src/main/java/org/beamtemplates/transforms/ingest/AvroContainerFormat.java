package org.beamtemplates.transforms.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.transforms.codec.AvroSequenceReader;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Avro container files. A record that cannot be decoded takes the rest of its block with it,
 * because the next record's beginning is not known then: the dead letter holds these bytes and says
 * how many records they are. A damaged block is one dead letter without bytes; reading goes on
 * after the next sync marker. How many records it held may not be known: it counts as one then, and
 * the numbers of the records after it are too low.
 */
final class AvroContainerFormat<T extends SpecificRecord> implements RecordFormat<T> {

  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  AvroContainerFormat(Class<T> type) {
    this.type = type;
  }

  @Override
  public void read(
      ReadableFile file,
      DecodeStep<T> step,
      SerializableFunction<T, Long> eventTimeMillis,
      MultiOutputReceiver output)
      throws IOException {
    String path = file.getMetadata().resourceId().toString();
    try (SeekableByteChannel channel = file.openSeekable()) {
      ContainerFile container = new ContainerFile(channel);
      OneBlock block;
      try {
        block = new OneBlock(container.readHeader());
      } catch (DecodeException e) {
        lost(path, 0, "not an Avro container file", e, step, output);
        return;
      }
      new Blocks(path, container, block, step, eventTimeMillis, output).readAll();
    }
  }

  private static <T> void lost(
      String path,
      long number,
      String what,
      Exception error,
      DecodeStep<T> step,
      MultiOutputReceiver output) {
    RawRecord raw = RawRecord.of(Origin.file(path, number), null);
    step.unreadable(raw, false, new DecodeException(what, error), output);
  }

  /** The blocks of one file. */
  private final class Blocks {

    private final String path;
    private final ContainerFile container;
    private final OneBlock block;
    private final DecodeStep<T> step;
    private final SerializableFunction<T, Long> eventTimeMillis;
    private final MultiOutputReceiver output;
    private final AvroSequenceReader<T> values;
    private long number;

    Blocks(
        String path,
        ContainerFile container,
        OneBlock block,
        DecodeStep<T> step,
        SerializableFunction<T, Long> eventTimeMillis,
        MultiOutputReceiver output) {
      this.path = path;
      this.container = container;
      this.block = block;
      this.step = step;
      this.eventTimeMillis = eventTimeMillis;
      this.output = output;
      this.values = AvroSequenceReader.of(type, block.schema());
    }

    void readAll() throws IOException {
      boolean more = true;
      while (more) {
        try {
          byte[] bytes = container.nextBlock();
          more = bytes != null;
          if (bytes != null) {
            readBlock(bytes, container.records());
          }
        } catch (DecodeException e) {
          damaged(e, 1);
          more = skipDamage();
        }
      }
    }

    private boolean skipDamage() throws IOException {
      try {
        return container.skipDamage();
      } catch (DecodeException e) {
        return false;
      }
    }

    private void damaged(DecodeException error, long records) {
      lost(path, number, "a block of the file is damaged", error, step, output);
      number += records;
    }

    private void readBlock(byte[] bytes, long records) {
      byte[] bodies;
      try {
        bodies = block.unpack(bytes);
      } catch (DecodeException e) {
        // Its bounds are known, and so is the beginning of the next one.
        damaged(e, Math.max(records, 1));
        return;
      }
      values.start(bodies);
      int start = 0;
      for (long i = 0; i < records; i++) {
        T value;
        try {
          value = values.next();
        } catch (DecodeException e) {
          bury(bodies, start, "cannot be decoded, with " + (records - i - 1) + " more", e);
          number += records - i;
          return;
        }
        int end = values.position();
        step.accept(raw(bodies, start, end), value, eventTimeMillis, output);
        number++;
        start = end;
      }
      if (start < bodies.length) {
        bury(bodies, start, "bytes that are left over behind " + records + " records", null);
        number++;
      }
    }

    private void bury(byte[] bodies, int start, String what, DecodeException error) {
      DecodeException whole = new DecodeException(what + " of its block", error);
      step.unreadable(raw(bodies, start, bodies.length), true, whole, output);
    }

    private RawRecord raw(byte[] bodies, int start, int end) {
      return RawRecord.of(Origin.file(path, number), Arrays.copyOfRange(bodies, start, end));
    }
  }

  /** Unpacks blocks one by one with Avro's reader and the codec that the header names. */
  private static final class OneBlock implements SeekableInput {

    private final DataFileReader<GenericRecord> reader;
    private SeekableByteArrayInput content;

    OneBlock(byte[] header) throws DecodeException {
      content = new SeekableByteArrayInput(header);
      try {
        reader = new DataFileReader<>(this, new GenericDatumReader<>());
      } catch (IOException | RuntimeException e) {
        throw new DecodeException("its header cannot be read", e);
      }
    }

    org.apache.avro.Schema schema() {
      return reader.getSchema();
    }

    byte[] unpack(byte[] block) throws DecodeException {
      content = new SeekableByteArrayInput(block);
      try {
        reader.seek(0);
        ByteBuffer bodies = reader.nextBlock();
        byte[] bytes = new byte[bodies.remaining()];
        bodies.duplicate().get(bytes);
        return bytes;
      } catch (IOException | RuntimeException e) {
        throw new DecodeException("it cannot be unpacked", e);
      } catch (OutOfMemoryError e) {
        // Codecs allocate at once what a block says of itself; nothing of it is held now.
        throw new DecodeException("it says that it needs more memory than there is", e);
      }
    }

    @Override
    public void seek(long position) throws IOException {
      content.seek(position);
    }

    @Override
    public long tell() throws IOException {
      return content.tell();
    }

    @Override
    public long length() throws IOException {
      return content.length();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return content.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
