package org.beamtemplates.pipelines.deadletterreplay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that goes away in the middle of a replay. */
@Timeout(600)
class AwayBrokerTest {

  private static final int LETTERS = 1_500;

  @Test
  void isWaitedForAndCostsNothing() {
    // One of its own: others need theirs.
    try (LocalKafka kafka = LocalKafka.start()) {
      Desk desk = new Desk(kafka);
      List<DeadLetter> letters = desk.undecodables(LETTERS);
      desk.put(letters);

      CompletableFuture<Launched> run =
          CompletableFuture.supplyAsync(
              () ->
                  desk.replay(
                      "--bootstrapServers=" + kafka.gatedBootstrapServers(),
                      "--transactionSize=2"));
      Awaitility.await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> entries(desk) > 0);
      kafka.gate().cut();
      int before = entries(desk);
      assertThat(before).isLessThan(LETTERS);
      // Long enough for connections to break, and nothing comes through.
      Awaitility.await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(30))
          .until(() -> !run.isDone() && entries(desk) <= before + 10);
      kafka.gate().restore();

      Launched launched = run.join();

      assertThat(launched.exitCode()).as(launched.err()).isEqualTo(Launcher.DONE);
      assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(letters));
    }
  }

  private static int entries(Desk desk) {
    return ReplayLedger.read(desk.kafka.bootstrapServers(), desk.ledger).size();
  }
}
