package org.beamtemplates.transforms.ingest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What readers have seen of the ends of partitions that hold no records: transaction markers and
 * aborted records. KafkaIO subtracts the offset after its last record from the end of the
 * partition, so behind such a tail its backlog would never be 0.
 *
 * <p>Written by the threads that poll, read by those that ask for the end.
 */
final class InvisibleTails {

  private record Tail(long from, long to) {}

  private final Map<TopicPartition, Tail> tails = new ConcurrentHashMap<>();

  /**
   * Takes note of where a reader is after a poll.
   *
   * @param afterLast the offset after its last record, or where it began if it had none yet
   * @param position the offset that it reads next; between the two there is no record for it
   */
  void note(TopicPartition partition, long afterLast, long position) {
    if (afterLast < position) {
      tails.put(partition, new Tail(afterLast, position));
    } else {
      tails.remove(partition);
    }
  }

  /** Returns the end of a partition without its tail, if all that is before this end was seen. */
  long endOf(TopicPartition partition, long end) {
    Tail tail = tails.get(partition);
    return tail != null && tail.to() == end ? tail.from() : end;
  }
}
