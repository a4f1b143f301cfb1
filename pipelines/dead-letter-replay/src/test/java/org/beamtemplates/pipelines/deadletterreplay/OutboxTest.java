package org.beamtemplates.pipelines.deadletterreplay;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class OutboxTest {

  @Test
  void asksAgainWhereTheBrokerHadAnErrorOfItsOwn() {
    // As the client throws it if the broker fences this producer while it is to commit.
    assertThat(
            Outbox.isUnclear(
                new KafkaException(
                    "Unhandled error in EndTxnResponse: The server experienced an unexpected error"
                        + " when processing the request.")))
        .isTrue();
  }

  @Test
  void aRefusalIsClear() {
    assertThat(Outbox.isUnclear(new TopicAuthorizationException("not yours"))).isFalse();
    assertThat(Outbox.isUnclear(new KafkaException("Failed to construct kafka producer")))
        .isFalse();
  }
}
