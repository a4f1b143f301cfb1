package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The encoding of a batch of Kafka's records: a version, the number of records, and the records. A
 * topic is written where it changes, offsets and times as differences to the record before: about
 * ten bytes a record besides key, value and headers.
 *
 * <p>Runners use it where a batch leaves the thread of its reader. Deterministic.
 */
final class StampedBatchCoder extends CustomCoder<List<StampedRecord>> {

  private static final long serialVersionUID = 1L;

  private static final int VERSION = 1;

  private static final int SAME_TOPIC = 1;
  private static final int HAS_TIMESTAMP = 1 << 1;
  private static final int HAS_HEADERS = 1 << 2;
  private static final int STATUS_SHIFT = 3;
  private static final int STATUS_MASK = 3;

  private static final StampedBatchCoder INSTANCE = new StampedBatchCoder();

  private StampedBatchCoder() {}

  static StampedBatchCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(List<StampedRecord> batch, OutputStream out) throws IOException {
    out.write(VERSION);
    VarInt.encode(batch.size(), out);
    Before before = new Before();
    for (StampedRecord stamped : batch) {
      encode(stamped, before, out);
    }
  }

  private static void encode(StampedRecord stamped, Before before, OutputStream out)
      throws IOException {
    RawRecord raw = stamped.raw();
    Origin origin = raw.origin();
    boolean sameTopic = origin.source().equals(before.topic);
    out.write(
        (sameTopic ? SAME_TOPIC : 0)
            | (raw.timestampMillis().isPresent() ? HAS_TIMESTAMP : 0)
            | (raw.headers().isEmpty() ? 0 : HAS_HEADERS)
            | (stamped.reading().status().code() << STATUS_SHIFT));
    if (!sameTopic) {
      writeBytes(origin.source().getBytes(UTF_8), out);
      before.topic = origin.source();
    }
    VarInt.encode(origin.partition(), out);
    before.offset = writeDifference(origin.offset(), before.offset, out);
    before.watermark = writeDifference(stamped.watermarkMillis(), before.watermark, out);
    before.eventTime = writeDifference(stamped.reading().millis(), before.eventTime, out);
    if (raw.timestampMillis().isPresent()) {
      before.timestamp = writeDifference(raw.timestampMillis().getAsLong(), before.timestamp, out);
    }
    writeBytes(raw.key(), out);
    writeBytes(raw.value(), out);
    if (!raw.headers().isEmpty()) {
      VarInt.encode(raw.headers().size(), out);
      for (RawRecord.Header header : raw.headers()) {
        writeBytes(header.name().getBytes(UTF_8), out);
        writeBytes(header.value(), out);
      }
    }
  }

  @Override
  public List<StampedRecord> decode(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int version = data.readUnsignedByte();
    if (version != VERSION) {
      throw new CoderException(
          "a batch of records has version " + version + ", and only " + VERSION + " is known here");
    }
    int records = VarInt.decodeInt(data);
    List<StampedRecord> batch = new ArrayList<>();
    Before before = new Before();
    for (int i = 0; i < records; i++) {
      batch.add(decode(data, before));
    }
    return batch;
  }

  private static StampedRecord decode(DataInputStream in, Before before) throws IOException {
    int flags = in.readUnsignedByte();
    if ((flags & SAME_TOPIC) == 0) {
      before.topic = readText(in);
    }
    int partition = VarInt.decodeInt(in);
    before.offset = readDifference(before.offset, in);
    before.watermark = readDifference(before.watermark, in);
    before.eventTime = readDifference(before.eventTime, in);
    OptionalLong timestamp = OptionalLong.empty();
    if ((flags & HAS_TIMESTAMP) != 0) {
      before.timestamp = readDifference(before.timestamp, in);
      timestamp = OptionalLong.of(before.timestamp);
    }
    byte[] key = readBytes(in);
    byte[] value = readBytes(in);
    List<RawRecord.Header> headers = (flags & HAS_HEADERS) == 0 ? List.of() : readHeaders(in);
    // What a replay is a replay of is in its headers: it is not written twice.
    Origin origin =
        ReplayHeaders.originOf(Origin.kafka(before.topic, partition, before.offset), headers);
    RawRecord raw = RawRecord.of(origin, key, value, headers, timestamp);
    Status status = Status.ofCode((flags >> STATUS_SHIFT) & STATUS_MASK);
    return new StampedRecord(raw, before.watermark, new Reading(status, before.eventTime));
  }

  private static List<RawRecord.Header> readHeaders(DataInputStream in) throws IOException {
    int count = VarInt.decodeInt(in);
    List<RawRecord.Header> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.add(new RawRecord.Header(readText(in), readBytes(in)));
    }
    return headers;
  }

  /**
   * Zigzag: a difference is as short backwards as forwards. Overflow comes back when it is added.
   */
  private static long writeDifference(long value, long before, OutputStream out)
      throws IOException {
    long difference = value - before;
    VarInt.encode((difference << 1) ^ (difference >> (Long.SIZE - 1)), out);
    return value;
  }

  private static long readDifference(long before, DataInputStream in) throws IOException {
    long zigzag = VarInt.decodeLong(in);
    return before + ((zigzag >>> 1) ^ -(zigzag & 1));
  }

  /** Their number and one, or 0 for null. */
  private static void writeBytes(byte @Nullable [] bytes, OutputStream out) throws IOException {
    if (bytes == null) {
      VarInt.encode(0, out);
    } else {
      VarInt.encode(bytes.length + 1L, out);
      out.write(bytes);
    }
  }

  private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    long length = VarInt.decodeLong(in) - 1;
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    in.readFully(bytes);
    return bytes;
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = readBytes(in);
    if (bytes == null) {
      throw new CoderException("a name is missing in a batch of records");
    }
    return new String(bytes, UTF_8);
  }

  @Override
  public void verifyDeterministic() {}

  /** What the record before has told. */
  private static final class Before {
    private String topic = "";
    private long offset;
    private long watermark;
    private long eventTime;
    private long timestamp;
  }
}
