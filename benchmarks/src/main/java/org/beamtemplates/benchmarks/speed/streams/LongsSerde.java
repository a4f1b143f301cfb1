package org.beamtemplates.benchmarks.speed.streams;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Values that are a fixed number of longs, 8 bytes each. For any number of threads. */
final class LongsSerde {

  private LongsSerde() {}

  static <T> Serde<T> of(int longs, BiConsumer<T, ByteBuffer> put, Function<ByteBuffer, T> get) {
    return Serdes.serdeFrom(
        (topic, value) -> {
          if (value == null) {
            return null;
          }
          ByteBuffer bytes = ByteBuffer.allocate(longs * Long.BYTES);
          put.accept(value, bytes);
          return bytes.array();
        },
        (topic, bytes) -> bytes == null ? null : get.apply(ByteBuffer.wrap(bytes)));
  }
}
