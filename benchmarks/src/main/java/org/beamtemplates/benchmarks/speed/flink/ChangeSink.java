package org.beamtemplates.benchmarks.speed.flink;

import java.util.zip.CRC32C;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;

/** Does W3: changes and encodes a payment, and takes the bytes. */
@SuppressWarnings("deprecation")
final class ChangeSink extends RichSinkFunction<Payment> {

  private static final long serialVersionUID = 1L;

  private transient PaymentCodec codec;
  private transient CRC32C crc;
  private transient Tally.Counter counter;

  @Override
  public void open(OpenContext context) {
    codec = new PaymentCodec();
    crc = new CRC32C();
    counter = Tally.newCounter();
  }

  @Override
  public void invoke(Payment payment, Context context) {
    if (!PaymentData.isEnd(payment.getCard())) {
      Latencies.found(payment.getTime());
      counter.found(Checksum.ofBytes(codec.encode(PaymentCodec.changed(payment)), crc));
    }
  }
}
