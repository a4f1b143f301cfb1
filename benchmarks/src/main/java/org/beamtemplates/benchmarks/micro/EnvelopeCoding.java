package org.beamtemplates.benchmarks.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A dead letter into bytes and back; the peer is Avro's writer and reader, all reused. */
@State(Scope.Thread)
public class EnvelopeCoding {

  private final DeadLetter letter =
      DeadLetter.newBuilder()
          .setId("5f2b8a3e90c1d4475f2b8a3e90c1d447")
          .setCategory("DECODE")
          .setPipeline("pages")
          .setStage("ingest")
          .setPayload(ByteBuffer.wrap(Pages.page().toString().getBytes(UTF_8)))
          .setSource("pages")
          .setSourceType("KAFKA")
          .setPartition(1)
          .setOffset(4_711L)
          .setFirstFailureMs(1_767_225_600_000L)
          .setLastFailureMs(1_767_225_600_000L)
          .setErrorClass("org.beamtemplates.transforms.codec.DecodeException")
          .setErrorMessage("Not JSON: unexpected end of input")
          .build();

  private final byte[] encoded = DeadLetterCodec.encode(letter);
  private byte[] plain;
  private final SpecificDatumWriter<DeadLetter> writer =
      new SpecificDatumWriter<>(DeadLetter.class);
  private final SpecificDatumReader<DeadLetter> reader =
      new SpecificDatumReader<>(DeadLetter.class);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
  private @Nullable BinaryEncoder encoder;
  private @Nullable BinaryDecoder decoder;

  /** Encodes what the peer decodes. */
  @Setup
  public void encode() throws IOException {
    plain = peerEncode();
  }

  @Benchmark
  public byte[] libraryEncode() {
    return DeadLetterCodec.encode(letter);
  }

  @Benchmark
  public byte[] peerEncode() throws IOException {
    bytes.reset();
    encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
    writer.write(letter, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  @Benchmark
  public DeadLetter libraryDecode() {
    return DeadLetterCodec.decode(encoded);
  }

  @Benchmark
  public DeadLetter peerDecode() throws IOException {
    decoder = DecoderFactory.get().binaryDecoder(plain, decoder);
    return reader.read(null, decoder);
  }
}
