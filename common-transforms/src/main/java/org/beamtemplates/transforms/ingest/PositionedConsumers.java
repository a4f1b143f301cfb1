package org.beamtemplates.transforms.ingest;

import java.util.Collection;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes consumers that stand where the job is to start as soon as they are assigned partitions.
 *
 * <p>KafkaIO itself starts at the group's committed offset whenever there is one, and fails when no
 * record is younger than a given start time. Both of its readers assign first, then seek to the
 * offset of their checkpoint if they have one, then ask for the position.
 */
final class PositionedConsumers
    implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {

  private static final long serialVersionUID = 1L;

  private final StartFrom startFrom;

  PositionedConsumers(StartFrom startFrom) {
    this.startFrom = startFrom;
  }

  @Override
  public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
    return new PositionedConsumer(config, startFrom);
  }

  private static final class PositionedConsumer extends KafkaConsumer<byte[], byte[]> {

    private final StartFrom startFrom;

    PositionedConsumer(Map<String, Object> config, StartFrom startFrom) {
      super(config);
      this.startFrom = startFrom;
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
      super.assign(partitions);
      startFrom.seek(this, partitions);
    }
  }
}
