package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class ExtensionSharingTest {

  private static final List<LocalKafka> SEEN = new CopyOnWriteArrayList<>();

  @Test
  void allClassesOfARunShareOneInstanceWhichEndsWithTheRun() {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherDiscoveryRequest bothClasses =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(OneClass.class), selectClass(AnotherClass.class))
            .build();

    LauncherFactory.create().execute(bothClasses, summary);

    assertThat(summary.getSummary().getFailures()).isEmpty();
    assertThat(SEEN).hasSize(4);
    assertThat(SEEN).containsOnly(SEEN.get(0));
    assertThatThrownBy(() -> Connections.connect(SEEN.get(0).gate().port()))
        .isInstanceOf(ConnectException.class);
  }

  /** Run by the test above only. */
  @ExtendWith(KafkaExtension.class)
  static class OneClass {

    @BeforeAll
    static void beforeAll(LocalKafka kafka) {
      SEEN.add(kafka);
    }

    @Test
    void uses(LocalKafka kafka) {
      kafka.createTopic("shared", 1);
      SEEN.add(kafka);
    }
  }

  /** Run by the test above only. */
  @ExtendWith(KafkaExtension.class)
  static class AnotherClass {

    AnotherClass(LocalKafka kafka) {
      SEEN.add(kafka);
    }

    @Test
    void uses(LocalKafka kafka) {
      SEEN.add(kafka);
    }
  }
}
