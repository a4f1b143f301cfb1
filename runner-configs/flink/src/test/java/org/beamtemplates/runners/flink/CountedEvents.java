package org.beamtemplates.runners.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.transforms.io.KafkaCheck;

/**
 * Events of one window, category and country on a topic, and how many of them realtime-analytics
 * has counted by what it says on another.
 */
final class CountedEvents {

  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The watermark of a topic without news follows the clock: older events would be late. */
  private final long now = Instant.now().toEpochMilli();

  private final LocalKafka kafka;
  private final String input;
  private final String output;

  private CountedEvents(LocalKafka kafka, String input) {
    this.kafka = kafka;
    this.input = input;
    this.output = input + ".results";
  }

  /** Creates its topics; the events are all in the first of two partitions. */
  static CountedEvents on(LocalKafka kafka) {
    CountedEvents events = new CountedEvents(kafka, "counted-" + TOPICS.incrementAndGet());
    kafka.createTopic(events.input, 2);
    kafka.createTopic(events.input + ".dead-letters", 1);
    kafka.createTopic(events.output, 1);
    return events;
  }

  /** Returns the options of a job that counts them. */
  String[] job(String startFrom) {
    return new String[] {
      "--bootstrapServers=" + kafka.bootstrapServers(),
      "--inputTopic=" + input,
      "--inputEncoding=JSON",
      "--groupId=" + group(),
      "--startFrom=" + startFrom,
      "--outputTopic=" + output,
      "--outputEncoding=JSON",
      "--windowSize=1d",
      "--allowedLateness=1d",
      "--earlyResultsEvery=1s"
    };
  }

  private String group() {
    return "group-of-" + input;
  }

  /** Returns the partitions that a launch from a savepoint would miss. */
  List<Integer> partitionsUnknownToTheJob() {
    return KafkaCheck.partitionsUnknownTo(
        group(), kafka.bootstrapServers(), input, Duration.ofSeconds(10));
  }

  void send(int from, int to) {
    kafka.send(
        IntStream.range(from, to)
            .mapToObj(
                number ->
                    """
                    {"eventId":"e-%1$d","userId":"u-%1$d","sessionId":"s-%1$d","page":"/","category":"books",\
                    "country":"DE","device":"tablet","eventTimeMs":%2$d,"loadTimeMs":100,\
                    "revenueMinor":0,"currency":"EUR"}"""
                        .formatted(number, now + number))
            .map(event -> new ProducerRecord<byte[], byte[]>(input, 0, null, event.getBytes(UTF_8)))
            .toList());
  }

  /**
   * Returns the most that a result has counted; each one counts all events of the window so far.
   */
  int counted() {
    return kafka.readAll(output).stream().mapToInt(CountedEvents::events).max().orElse(0);
  }

  private static int events(ConsumerRecord<byte[], byte[]> result) {
    try {
      return JSON.readTree(result.value()).path("events").asInt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
