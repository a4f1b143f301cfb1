package org.beamtemplates.benchmarks.speed.beam;

import java.util.zip.CRC32C;
import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Does W3: changes and encodes a payment, and takes the bytes. */
final class ChangeFn extends DoFn<IngestedBatch<Payment>, Void> {

  private static final long serialVersionUID = 1L;

  private transient @Nullable PaymentCodec codec;
  private transient @Nullable CRC32C crc;
  private transient Tally.@Nullable Counter counter;

  @Setup
  public void setup() {
    codec = new PaymentCodec();
    crc = new CRC32C();
    counter = Tally.newCounter();
  }

  @ProcessElement
  public void process(@Element IngestedBatch<Payment> batch) {
    for (int i = 0; i < batch.size(); i++) {
      Payment payment = batch.element(i).value();
      if (!PaymentData.isEnd(payment.getCard())) {
        Latencies.found(payment.getTime());
        counter.found(Checksum.ofBytes(codec.encode(PaymentCodec.changed(payment)), crc));
      }
    }
  }
}
