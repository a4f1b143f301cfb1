package org.beamtemplates.benchmarks.speed.streams;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;

/**
 * Payments by {@link PaymentCodec}. Kafka Streams makes one for each task from the name of its
 * class, so that no codec is in two threads.
 */
public final class PaymentSerde implements Serde<Payment> {

  @Override
  public Serializer<Payment> serializer() {
    PaymentCodec codec = new PaymentCodec();
    return (topic, payment) -> codec.encode(payment);
  }

  @Override
  public Deserializer<Payment> deserializer() {
    PaymentCodec codec = new PaymentCodec();
    return (topic, encoded) -> codec.decode(encoded);
  }
}
