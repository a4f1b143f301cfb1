package org.beamtemplates.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gives tests a {@link LocalKafka} as parameter of a constructor, a test or a lifecycle method:
 *
 * <pre>{@code
 * @ExtendWith(KafkaExtension.class)
 * class OrdersTest {
 *   @Test
 *   void readsWhatWasWritten(LocalKafka kafka) {
 *     kafka.createTopic("orders-read-back", 1);
 *   }
 * }
 * }</pre>
 *
 * <p>All test classes of a run share one broker, started when the first test asks and stopped after
 * the last. So topics need names of their own, and a test that cuts the gate, or needs an empty
 * broker, starts a {@link LocalKafka} itself.
 *
 * <p>Where this JVM has another Scala than Kafka, the system property {@value #CLASSPATH} names a
 * file with the class path for a broker in a JVM of its own: {@link LocalKafka#startInOwnJvm}.
 */
public final class KafkaExtension extends SharedServiceExtension<LocalKafka> {

  private static final String CLASSPATH = "local.kafka.classpath";

  /** For JUnit. */
  public KafkaExtension() {
    super(LocalKafka.class, KafkaExtension::start);
  }

  private static LocalKafka start() {
    String file = System.getProperty(CLASSPATH);
    if (file == null) {
      return LocalKafka.start();
    }
    try {
      return LocalKafka.startInOwnJvm(Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "No class path of Kafka in " + file + ", which the module local-services writes", e);
    }
  }
}
