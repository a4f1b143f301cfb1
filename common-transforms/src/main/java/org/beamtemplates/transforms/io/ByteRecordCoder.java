package org.beamtemplates.transforms.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.io.kafka.ProducerRecordCoder;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Coder of Kafka records of bytes. The encoding is that of Beam's {@link ProducerRecordCoder},
 * whose structural value never equals another one, so that the Direct runner warns of every record.
 */
public final class ByteRecordCoder extends CustomCoder<ProducerRecord<byte[], byte[]>> {

  private static final long serialVersionUID = 1L;
  private static final ProducerRecordCoder<byte[], byte[]> DELEGATE =
      ProducerRecordCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of());

  @Override
  public void encode(ProducerRecord<byte[], byte[]> kafkaRecord, OutputStream out)
      throws IOException {
    DELEGATE.encode(kafkaRecord, out);
  }

  @Override
  public ProducerRecord<byte[], byte[]> decode(InputStream in) throws IOException {
    return DELEGATE.decode(in);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    DELEGATE.verifyDeterministic();
  }
}
