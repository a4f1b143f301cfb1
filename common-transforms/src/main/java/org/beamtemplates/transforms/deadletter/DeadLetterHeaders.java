package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.beamtemplates.schemas.DeadLetter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The headers of a dead letter in Kafka: its essentials by our names, and by those that Kafka
 * Connect gives to the records of its dead letter queue, so that whatever watches such queues can
 * watch this one. Values are text in UTF-8, numbers too, as Connect writes them.
 *
 * <p>Connect's {@code task.id} and {@code class.name} have no counterpart, and its {@code
 * exception.stacktrace} is left out: the envelope has it, and it would be most of the headers.
 */
final class DeadLetterHeaders {

  private static final String CONNECT = "__connect.errors.";

  /** The longest value, in characters. */
  private static final int MAX_VALUE = 100;

  /** The longest message, in characters: enough for a look, the envelope has the rest. */
  private static final int MAX_MESSAGE = 200;

  private DeadLetterHeaders() {}

  static void add(DeadLetter letter, Headers headers) {
    add(headers, "id", letter.getId());
    add(headers, "category", letter.getCategory());
    add(headers, "pipeline", letter.getPipeline());
    add(headers, "stage", letter.getStage());
    add(headers, "source", letter.getSource());
    add(headers, "partition", letter.getPartition());
    add(headers, "offset", letter.getOffset());
  }

  static void addConnect(DeadLetter letter, Headers headers) {
    if (letter.getPartition() != null) {
      add(headers, CONNECT + "topic", letter.getSource());
      add(headers, CONNECT + "partition", letter.getPartition());
      add(headers, CONNECT + "offset", letter.getOffset());
    }
    add(headers, CONNECT + "connector.name", letter.getPipeline());
    add(headers, CONNECT + "stage", letter.getStage());
    if (!letter.getErrorClass().isEmpty()) {
      add(headers, CONNECT + "exception.class.name", letter.getErrorClass());
    }
    headers.add(
        CONNECT + "exception.message",
        ErrorText.cap(letter.getErrorMessage(), MAX_MESSAGE).getBytes(UTF_8));
  }

  /** Returns how many bytes headers take in a record, with what stands between them. */
  static int size(Headers headers) {
    int size = 0;
    for (Header header : headers) {
      // Names are ASCII; each length takes a byte or two.
      size += header.key().length() + header.value().length + 4;
    }
    return size;
  }

  private static void add(Headers headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.add(name, ErrorText.cap(value.toString(), MAX_VALUE).getBytes(UTF_8));
    }
  }
}
