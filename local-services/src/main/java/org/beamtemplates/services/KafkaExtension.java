package org.beamtemplates.services;

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
 */
public final class KafkaExtension extends SharedServiceExtension<LocalKafka> {

  /** For JUnit. */
  public KafkaExtension() {
    super(LocalKafka.class, LocalKafka::start);
  }
}
