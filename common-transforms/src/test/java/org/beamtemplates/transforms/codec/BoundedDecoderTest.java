package org.beamtemplates.transforms.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Reads what Avro's own encoder writes, and nothing else. */
class BoundedDecoderTest {

  private interface Writing {
    void to(BinaryEncoder encoder) throws IOException;
  }

  @Test
  void readsNumbersOfEveryMagnitude() throws Exception {
    Random random = new Random(1);
    for (int shift = 0; shift < 64; shift++) {
      for (long value :
          new long[] {random.nextLong() >> shift, 1L << shift, -(1L << shift), (1L << shift) - 1}) {
        assertThat(decoder(encoder -> encoder.writeLong(value)).readLong()).isEqualTo(value);
        assertThat(decoder(encoder -> encoder.writeInt((int) value)).readInt())
            .isEqualTo((int) value);
        double number = Double.longBitsToDouble(value);
        assertThat(decoder(encoder -> encoder.writeDouble(number)).readDouble())
            .isEqualTo(Double.valueOf(number));
        float small = Float.intBitsToFloat((int) value);
        assertThat(decoder(encoder -> encoder.writeFloat(small)).readFloat())
            .isEqualTo(Float.valueOf(small));
      }
    }
  }

  @Test
  void skipsWhatItReads() throws Exception {
    BoundedDecoder decoder =
        decoder(
            encoder -> {
              encoder.writeString("skipped");
              encoder.writeBytes(new byte[9]);
              encoder.writeFixed(new byte[3]);
              encoder.writeString("read");
            });

    decoder.skipString();
    decoder.skipBytes();
    decoder.skipFixed(3);

    assertThat(decoder.readString(null).toString()).isEqualTo("read");
    assertThat(decoder.remaining()).isZero();
  }

  @Test
  void readsAndSkipsBlocksWithAndWithoutSize() throws Exception {
    byte[] sized = {3, 4, 2, 4, 2, 6, 0}; // -2 items in 2 bytes: 1, 2; 1 item: 3; the end
    BoundedDecoder decoder = new BoundedDecoder();

    decoder.reset(sized, 0);
    assertThat(decoder.readArrayStart()).isEqualTo(2);
    assertThat(decoder.readInt()).isEqualTo(1);
    assertThat(decoder.readInt()).isEqualTo(2);
    assertThat(decoder.arrayNext()).isEqualTo(1);
    assertThat(decoder.readInt()).isEqualTo(3);
    assertThat(decoder.arrayNext()).isZero();

    decoder.reset(sized, 0);
    assertThat(decoder.skipMap()).isEqualTo(1);
    decoder.readInt();
    assertThat(decoder.skipMap()).isZero();
    assertThat(decoder.remaining()).isZero();
  }

  @Test
  void copiesBytesSoThatTheRecordCanBeReused() throws Exception {
    byte[] record = {4, 1, 2};
    BoundedDecoder decoder = new BoundedDecoder();
    decoder.reset(record, 0);

    ByteBuffer value = decoder.readBytes(null);
    record[1] = 9;

    assertThat(value).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
  }

  @Test
  void refusesBlocksWithMoreItemsThanTheRecordCanHold() {
    assertMalformed(
        decoder(encoder -> encoder.writeLong(5_000)), BoundedDecoder::readArrayStart, "more items");
    assertMalformed(
        decoder(encoder -> encoder.writeLong(Long.MAX_VALUE)),
        BoundedDecoder::readMapStart,
        "more items");
    assertMalformed(
        decoder(
            encoder -> {
              encoder.writeLong(Long.MIN_VALUE);
              encoder.writeLong(0);
            }),
        BoundedDecoder::readArrayStart,
        "more items");
    assertMalformed(
        decoder(
            encoder -> {
              encoder.writeLong(-1);
              encoder.writeLong(-1);
            }),
        BoundedDecoder::skipArray,
        "negative");
  }

  @Test
  void manySmallBlocksOfNothingComeToAnEnd() {
    byte[] blocks = new byte[100_000];
    Arrays.fill(blocks, (byte) 126);
    BoundedDecoder decoder = new BoundedDecoder();
    decoder.reset(blocks, 0);

    assertThatExceptionOfType(BoundedDecoder.MalformedException.class)
        .isThrownBy(
            () -> {
              for (long items = decoder.readArrayStart(); items > 0; ) {
                items = decoder.arrayNext();
              }
            });
    assertThat(decoder.consumed()).isLessThan(blocks.length / 50);
  }

  @Test
  void refusesNumbersAndBooleansThatAreNone() {
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0xff);
    assertMalformed(decoder(endless), BoundedDecoder::readInt, "does not fit into an int");
    assertMalformed(decoder(endless), BoundedDecoder::readLong, "does not fit into a long");
    assertMalformed(
        decoder(encoder -> encoder.writeLong(1L << 32)),
        BoundedDecoder::readInt,
        "does not fit into an int");
    assertMalformed(decoder((byte) 2), BoundedDecoder::readBoolean, "a boolean is 0 or 1, found 2");
    assertMalformed(decoder(), BoundedDecoder::readBoolean, "a boolean takes 1 byte, 0 are left");
  }

  private interface Reading {
    Object from(BoundedDecoder decoder) throws IOException;
  }

  private static void assertMalformed(BoundedDecoder decoder, Reading reading, String message) {
    assertThatExceptionOfType(BoundedDecoder.MalformedException.class)
        .isThrownBy(() -> reading.from(decoder))
        .withMessageContaining(message);
  }

  private static BoundedDecoder decoder(byte... bytes) {
    BoundedDecoder decoder = new BoundedDecoder();
    decoder.reset(bytes, 0);
    return decoder;
  }

  private static BoundedDecoder decoder(Writing writing) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      writing.to(encoder);
      encoder.flush();
      return decoder(out.toByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
