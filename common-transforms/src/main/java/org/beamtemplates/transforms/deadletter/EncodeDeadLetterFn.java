package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.beamtemplates.schemas.DeadLetter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Encodes dead letters as Kafka records, and moves payloads that do not fit out of the way. */
final class EncodeDeadLetterFn extends DoFn<DeadLetter, ProducerRecord<byte[], byte[]>> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final int maxBytes;
  private final @Nullable PayloadOverflow overflow;
  private final Counter written = Metrics.counter("deadletter", "written");
  private final Counter overflowed = Metrics.counter("deadletter", "payload-in-file");
  private final Counter withoutPayload = Metrics.counter("deadletter", "payload-lost");

  private transient @Nullable BinaryMessageEncoder<DeadLetter> encoder;

  EncodeDeadLetterFn(String topic, int maxBytes, @Nullable PayloadOverflow overflow) {
    this.topic = topic;
    this.maxBytes = maxBytes;
    this.overflow = overflow;
  }

  @ProcessElement
  public void process(
      @Element DeadLetter letter, OutputReceiver<ProducerRecord<byte[], byte[]>> output)
      throws IOException {
    byte[] value = encode(letter);
    if (value.length > maxBytes) {
      value = encodeSmaller(withoutPayload(letter));
    }
    ProducerRecord<byte[], byte[]> kafkaRecord =
        new ProducerRecord<>(topic, letter.getId().getBytes(UTF_8), value);
    describe(letter, kafkaRecord.headers());
    written.inc();
    output.output(kafkaRecord);
  }

  /** Leaves out of {@code copy} what is still too much, what is needed least first. */
  private byte[] encodeSmaller(DeadLetter copy) throws IOException {
    byte[] value = encode(copy);
    if (value.length > maxBytes) {
      copy.setErrorStack("");
      value = encode(copy);
    }
    if (value.length > maxBytes) {
      // Key or headers alone are too large: they go, and the envelope says that it is not complete.
      copy.setKey(null);
      copy.setHeaders(List.of());
      copy.setReplayable(false);
      value = encode(copy);
    }
    return value;
  }

  private byte[] encode(DeadLetter letter) throws IOException {
    ByteBuffer payload = letter.getPayload();
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(1_024 + (payload == null ? 0 : payload.remaining()));
    encoder().encode(letter, out);
    return out.toByteArray();
  }

  private BinaryMessageEncoder<DeadLetter> encoder() {
    if (encoder == null) {
      encoder = DeadLetter.getEncoder();
    }
    return encoder;
  }

  /** An element is never changed: this is a copy. */
  private DeadLetter withoutPayload(DeadLetter letter) throws IOException {
    DeadLetter copy = DeadLetter.newBuilder(letter).setPayload(null).build();
    ByteBuffer payload = letter.getPayload();
    if (payload == null) {
      return copy;
    }
    if (overflow == null) {
      withoutPayload.inc();
      copy.setReplayable(false);
    } else {
      overflowed.inc();
      copy.setPayloadReference(overflow.write(letter.getId(), payload));
    }
    return copy;
  }

  private static void describe(DeadLetter letter, Headers headers) {
    add(headers, "id", letter.getId());
    add(headers, "category", letter.getCategory());
    add(headers, "pipeline", letter.getPipeline());
    add(headers, "stage", letter.getStage());
    add(headers, "source", letter.getSource());
    add(headers, "partition", letter.getPartition());
    add(headers, "offset", letter.getOffset());
  }

  private static void add(Headers headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.add(name, value.toString().getBytes(UTF_8));
    }
  }
}
