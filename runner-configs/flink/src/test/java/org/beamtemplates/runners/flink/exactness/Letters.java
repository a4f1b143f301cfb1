package org.beamtemplates.runners.flink.exactness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.runners.flink.exactness.Windowing.Span;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaService;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.record.Origin;

/** The dead letters of a {@link KafkaJob}. */
final class Letters {

  private Letters() {}

  /** Returns all, in the order of their topic; at least once each. */
  static List<DeadLetter> of(KafkaService kafka, String topic) throws IOException {
    List<DeadLetter> letters = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(KafkaJob.deadLettersOf(topic))) {
      letters.add(DeadLetterCodec.decode(record.value()));
    }
    return letters;
  }

  /** Returns which records those of a category are about, and for which window if it is one. */
  static Set<String> of(KafkaService kafka, String topic, String category) throws IOException {
    Set<String> ids = new TreeSet<>();
    for (DeadLetter letter : of(kafka, topic)) {
      if (letter.getCategory().equals(category)) {
        Origin origin = Origin.kafka(letter.getSource(), letter.getPartition(), letter.getOffset());
        ids.add(
            letter.getWindowStartMs() == null
                ? origin.toString()
                : Model.lateId(
                    origin, new Span(letter.getWindowStartMs(), letter.getWindowEndMs())));
      }
    }
    return ids;
  }
}
