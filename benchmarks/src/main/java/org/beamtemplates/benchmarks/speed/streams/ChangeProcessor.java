package org.beamtemplates.benchmarks.speed.streams;

import java.util.zip.CRC32C;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;

/** W3: changes a payment, encodes it, and counts the bytes as the result. */
final class ChangeProcessor implements Processor<String, Payment, Void, Void> {

  private final Tally.Counter counter = Tally.newCounter();
  private final PaymentCodec codec = new PaymentCodec();
  private final CRC32C crc = new CRC32C();

  @Override
  public void process(Record<String, Payment> payment) {
    if (!PaymentData.isEnd(payment.value().getCard())) {
      byte[] encoded = codec.encode(PaymentCodec.changed(payment.value()));
      counter.found(Checksum.ofBytes(encoded, crc));
    }
  }
}
