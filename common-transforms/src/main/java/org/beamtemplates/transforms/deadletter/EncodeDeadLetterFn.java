package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.beamtemplates.schemas.DeadLetter;

/** Encodes dead letters as Kafka records, none of which is too large for the topic. */
final class EncodeDeadLetterFn extends DoFn<DeadLetter, ProducerRecord<byte[], byte[]>> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final int maxBytes;
  private final EnvelopeLimit limit;
  private final boolean connectHeaders;
  private final Counter written = Metrics.counter("deadletter", "written");

  /**
   * @param maxBytes the largest envelope and its headers
   */
  EncodeDeadLetterFn(String topic, int maxBytes, EnvelopeLimit limit, boolean connectHeaders) {
    this.topic = topic;
    this.maxBytes = maxBytes;
    this.limit = limit;
    this.connectHeaders = connectHeaders;
  }

  @ProcessElement
  public void process(
      @Element DeadLetter letter, OutputReceiver<ProducerRecord<byte[], byte[]>> output)
      throws IOException {
    RecordHeaders headers = headers(letter);
    byte[] value =
        limit.fit(letter, maxBytes - DeadLetterHeaders.size(headers), DeadLetterCodec::encode);
    written.inc();
    output.output(
        new ProducerRecord<>(topic, null, letter.getId().getBytes(UTF_8), value, headers));
  }

  /** The envelope comes first: where room is short, it is not shortened for the second names. */
  private RecordHeaders headers(DeadLetter letter) {
    RecordHeaders headers = new RecordHeaders();
    DeadLetterHeaders.add(letter, headers);
    if (!connectHeaders) {
      return headers;
    }
    RecordHeaders all = new RecordHeaders(headers);
    DeadLetterHeaders.addConnect(letter, all);
    return DeadLetterHeaders.size(all) <= maxBytes / 4 ? all : headers;
  }
}
