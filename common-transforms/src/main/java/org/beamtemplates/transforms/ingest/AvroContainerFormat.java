package org.beamtemplates.transforms.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Avro container files. A record that cannot be decoded takes the rest of its block with it,
 * because the next record's beginning is not known then: the dead letter holds these bytes and says
 * how many records they are. A damaged block is one dead letter without bytes; reading goes on
 * after the next sync marker.
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
    try (SeekableByteChannel channel = file.openSeekable();
        ChannelInput input = new ChannelInput(channel)) {
      DataFileReader<GenericRecord> reader;
      try {
        reader = new DataFileReader<>(input, new GenericDatumReader<>());
      } catch (IOException | RuntimeException e) {
        if (input.failed()) {
          throw e;
        }
        lost(path, 0, "not an Avro container file", e, step, output);
        return;
      }
      try (reader) {
        new Blocks(path, reader, input, step, eventTimeMillis, output).readAll();
      }
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
    private final DataFileReader<GenericRecord> reader;
    private final ChannelInput input;
    private final DecodeStep<T> step;
    private final SerializableFunction<T, Long> eventTimeMillis;
    private final MultiOutputReceiver output;
    private final SpecificDatumReader<T> datums;
    private BinaryDecoder decoder;
    private long number;

    Blocks(
        String path,
        DataFileReader<GenericRecord> reader,
        ChannelInput input,
        DecodeStep<T> step,
        SerializableFunction<T, Long> eventTimeMillis,
        MultiOutputReceiver output) {
      this.path = path;
      this.reader = reader;
      this.input = input;
      this.step = step;
      this.eventTimeMillis = eventTimeMillis;
      this.output = output;
      this.datums =
          new SpecificDatumReader<>(
              reader.getSchema(),
              SpecificData.get().getSchema(type),
              SpecificData.getForClass(type));
    }

    void readAll() throws IOException {
      while (true) {
        byte[] block;
        long records;
        try {
          if (!reader.hasNext()) {
            return;
          }
          ByteBuffer buffer = reader.nextBlock();
          records = reader.getBlockCount();
          block = new byte[buffer.remaining()];
          buffer.duplicate().get(block);
        } catch (IOException | RuntimeException e) {
          if (input.failed()) {
            throw e;
          }
          lost(path, number, "a block of the file is damaged", e, step, output);
          number++;
          if (!skipToNextBlock()) {
            return;
          }
          continue;
        }
        readBlock(block, records);
      }
    }

    private boolean skipToNextBlock() throws IOException {
      long from = input.tell();
      reader.sync(from);
      return input.tell() < input.length() || reader.tell() < input.length();
    }

    private void readBlock(byte[] block, long records) throws IOException {
      decoder = DecoderFactory.get().binaryDecoder(block, decoder);
      int start = 0;
      for (long i = 0; i < records; i++) {
        T value;
        try {
          value = datums.read(null, decoder);
        } catch (IOException
            | AvroRuntimeException
            | ClassCastException
            | IndexOutOfBoundsException
            | NegativeArraySizeException e) {
          RawRecord rest = raw(block, start, block.length);
          String what = "cannot be decoded, with " + (records - i - 1) + " more of its block";
          step.unreadable(rest, true, new DecodeException(what, e), output);
          return;
        }
        int end = block.length - decoder.inputStream().available();
        step.accept(raw(block, start, end), value, eventTimeMillis, output);
        start = end;
      }
    }

    private RawRecord raw(byte[] block, int start, int end) {
      return RawRecord.of(Origin.file(path, number++), Arrays.copyOfRange(block, start, end));
    }
  }

  /** Lets Avro read from a Beam channel, and remembers whether the storage itself failed. */
  private static final class ChannelInput implements SeekableInput {

    private final SeekableByteChannel channel;
    private boolean failed;

    ChannelInput(SeekableByteChannel channel) {
      this.channel = channel;
    }

    boolean failed() {
      return failed;
    }

    @Override
    public void seek(long position) throws IOException {
      try {
        channel.position(position);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public long tell() throws IOException {
      return channel.position();
    }

    @Override
    public long length() throws IOException {
      return channel.size();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return channel.read(ByteBuffer.wrap(bytes, offset, length));
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
