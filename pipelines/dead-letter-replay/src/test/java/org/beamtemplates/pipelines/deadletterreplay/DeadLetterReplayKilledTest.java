package org.beamtemplates.pipelines.deadletterreplay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.ParentGuard;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A replay in a JVM of its own that is killed half-way, and run again. */
@Timeout(600)
@ExtendWith(KafkaExtension.class)
@Conforms(subject = "dead-letter-replay", capability = "killed half-way and run again")
@Tag(Conforms.KAFKA)
class DeadLetterReplayKilledTest {

  private static final int LETTERS = 4_000;

  private final Desk desk;

  @TempDir Path folder;

  DeadLetterReplayKilledTest(LocalKafka kafka) {
    this.desk = new Desk(kafka);
  }

  @Test
  void isFinishedByTheNextOneWithNothingLostAndNothingDoubled() throws Exception {
    List<DeadLetter> letters = desk.undecodables(LETTERS);
    desk.put(letters);

    Process replay = start();
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                assertThat(replay.isAlive()).as("still replaying; if not, see replay.out").isTrue();
                return entries() > 0;
              });
    } finally {
      replay.destroyForcibly().waitFor();
    }
    int before = entries();
    assertThat(before).isBetween(1, LETTERS - 1);

    Launched rest = desk.replay();

    assertThat(rest.exitCode()).as(rest.err()).isEqualTo(Launcher.DONE);
    assertThat(Desk.count(rest, Outcome.SENT_BEFORE)).isGreaterThanOrEqualTo(before);
    assertThat(Desk.count(rest, Outcome.SENT) + Desk.count(rest, Outcome.SENT_BEFORE))
        .isEqualTo(LETTERS);
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(letters));
  }

  private int entries() {
    return ReplayLedger.read(desk.kafka.bootstrapServers(), desk.ledger).size();
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What a runner needs to see of the JDK, as this JVM was given it.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            DeadLetterReplay.class.getName()));
    command.addAll(desk.arguments("--transactionSize=2"));
    return new ProcessBuilder(ParentGuard.guarded(command, folder))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("replay.out").toFile())
        .start();
  }
}
