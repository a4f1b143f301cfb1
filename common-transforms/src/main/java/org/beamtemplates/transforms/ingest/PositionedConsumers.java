package org.beamtemplates.transforms.ingest;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes consumers that stand where the job is to start as soon as they are assigned partitions.
 *
 * <p>KafkaIO itself starts at the group's committed offset whenever there is one, and fails when no
 * record is younger than a given start time. Both of its readers assign first, then seek to the
 * offset of their checkpoint if they have one, then ask for the position.
 *
 * <p>KafkaIO's classic reader asks another consumer of the same maker for the ends of its
 * partitions; what has been seen to hold no record there is left out: see {@link InvisibleTails}.
 */
final class PositionedConsumers
    implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {

  private static final long serialVersionUID = 1L;

  private final StartFrom startFrom;
  private final boolean together;
  private transient @Nullable InvisibleTails tails;

  private PositionedConsumers(StartFrom startFrom, boolean together) {
    this.startFrom = startFrom;
    this.together = together;
  }

  /** Hands out each record for itself. */
  static PositionedConsumers ofRecords(StartFrom startFrom) {
    return new PositionedConsumers(startFrom, false);
  }

  /** Hands out what a poll brings of a partition as one: see {@link FetchedRecords}. */
  static PositionedConsumers ofFetched(StartFrom startFrom) {
    return new PositionedConsumers(startFrom, true);
  }

  @Override
  public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
    return new PositionedConsumer(config, startFrom, together, tails());
  }

  private synchronized InvisibleTails tails() {
    if (tails == null) {
      tails = new InvisibleTails();
    }
    return tails;
  }

  private static final class PositionedConsumer extends KafkaConsumer<byte[], byte[]> {

    private final StartFrom startFrom;
    private final boolean together;
    private final InvisibleTails tails;

    /** Where the reader is: the offset after its last record, or the one it begins with. */
    private final Map<TopicPartition, Long> reached = new HashMap<>();

    PositionedConsumer(
        Map<String, Object> config, StartFrom startFrom, boolean together, InvisibleTails tails) {
      super(config);
      this.startFrom = startFrom;
      this.together = together;
      this.tails = tails;
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
      super.assign(partitions);
      startFrom.seek(this, partitions);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
      super.seek(partition, offset);
      reached.put(partition, offset);
    }

    /** A reader without a checkpoint begins where it is told to be. */
    @Override
    public long position(TopicPartition partition) {
      long position = super.position(partition);
      reached.putIfAbsent(partition, position);
      return position;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      return noted(super.poll(timeout));
    }

    /** The one that KafkaIO's classic reader calls. */
    @Override
    @Deprecated
    public ConsumerRecords<byte[], byte[]> poll(long timeoutMillis) {
      return noted(super.poll(timeoutMillis));
    }

    private ConsumerRecords<byte[], byte[]> noted(ConsumerRecords<byte[], byte[]> records) {
      for (TopicPartition partition : records.partitions()) {
        List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
        reached.put(partition, some.get(some.size() - 1).offset() + 1);
      }
      for (TopicPartition partition : assignment()) {
        Long afterLast = reached.get(partition);
        if (afterLast != null) {
          note(partition, afterLast);
        }
      }
      return together ? FetchedRecords.asOne(records) : records;
    }

    private void note(TopicPartition partition, long afterLast) {
      try {
        tails.note(partition, afterLast, position(partition, Duration.ZERO));
      } catch (TimeoutException e) {
        // Its position is being validated: nothing is known of its end until the next poll.
        tails.note(partition, afterLast, afterLast);
      }
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
      Map<TopicPartition, Long> ends = new HashMap<>(super.endOffsets(partitions));
      ends.replaceAll(tails::endOf);
      return ends;
    }
  }
}
