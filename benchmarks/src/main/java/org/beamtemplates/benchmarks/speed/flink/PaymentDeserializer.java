package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** {@link PaymentFunction} in a KafkaSource. */
final class PaymentDeserializer<T> implements KafkaRecordDeserializationSchema<T> {

  private static final long serialVersionUID = 1L;

  private final PaymentFunction<T> function;
  private final TypeInformation<T> type;

  PaymentDeserializer(PaymentFunction<T> function, TypeInformation<T> type) {
    this.function = function;
    this.type = type;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    function.open();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<T> out) {
    T next = function.of(consumed.value());
    if (next != null) {
      out.collect(next);
    }
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return type;
  }
}
