package org.beamtemplates.benchmarks.speed.beam;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The decoder that all engines share. */
final class PaymentDecoder implements Decoder<Payment> {

  private static final long serialVersionUID = 1L;

  private transient @Nullable PaymentCodec codec;
  private transient Tally.@Nullable Counter counter;

  @Override
  public void open() {
    if (codec == null) {
      codec = new PaymentCodec();
      counter = Tally.newCounter();
    }
  }

  @Override
  public Payment decode(RawRecord record) throws DecodeException {
    byte[] value = record.value();
    if (value == null) {
      throw new DecodeException("a payment has no value");
    }
    Payment payment = codec.decode(value);
    counter.read(payment);
    return payment;
  }

  @Override
  public TypeDescriptor<Payment> type() {
    return TypeDescriptor.of(Payment.class);
  }

  @Override
  public Coder<Payment> coder() {
    return AvroCoder.specific(Payment.class);
  }

  @Override
  public String contentType() {
    return "avro/binary";
  }
}
