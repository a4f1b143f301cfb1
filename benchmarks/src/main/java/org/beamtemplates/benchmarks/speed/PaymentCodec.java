package org.beamtemplates.benchmarks.speed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads and writes payments for all engines alike, so that the engines are compared and not their
 * decoders. For one thread.
 */
public final class PaymentCodec {

  private final DatumReader<Payment> reader;
  private final DatumWriter<Payment> writer = new SpecificDatumWriter<>(Payment.getClassSchema());
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
  private @Nullable BinaryDecoder decoder;
  private @Nullable BinaryEncoder encoder;

  public PaymentCodec() {
    SpecificData data = new SpecificData();
    data.setFastReaderEnabled(true);
    reader = new SpecificDatumReader<>(Payment.getClassSchema(), Payment.getClassSchema(), data);
  }

  /** Returns a new payment. */
  public Payment decode(byte[] encoded) {
    try {
      decoder = DecoderFactory.get().binaryDecoder(encoded, decoder);
      return reader.read(null, decoder);
    } catch (IOException e) {
      throw new UncheckedIOException("Not a payment", e);
    }
  }

  /** Returns new bytes. */
  public byte[] encode(Payment payment) {
    bytes.reset();
    encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
    try {
      writer.write(payment, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode " + payment, e);
    }
    return bytes.toByteArray();
  }

  /** Returns whether every engine takes a payment; all of the benchmark's are valid. */
  public static boolean isValid(Payment payment) {
    return payment.getCents() > 0
        && !payment.getCard().isEmpty()
        && payment.getCountry().length() == 2;
  }

  /** What W3 does with a payment: another one, whose device is cut to its kind. */
  public static Payment changed(Payment payment) {
    String device = payment.getDevice();
    Payment changed = new Payment();
    changed.setTime(payment.getTime());
    changed.setCard(payment.getCard());
    changed.setCents(payment.getCents());
    changed.setMerchant(payment.getMerchant());
    changed.setCountry(payment.getCountry());
    changed.setDevice(device.substring(0, device.indexOf('-')));
    return changed;
  }
}
