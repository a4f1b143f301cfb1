package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParentDeathTest {

  private static final String ANNOUNCEMENT = "registry pid ";

  @Test
  void aKilledParentTakesTheRegistryAlong(@TempDir Path temporary) throws IOException {
    Process parent = startHolder(temporary);
    try {
      ProcessHandle registry = ProcessHandle.of(announcedPid(parent)).orElseThrow();
      assertThat(registry.isAlive()).isTrue();

      parent.destroyForcibly().onExit().join();

      await().atMost(Duration.ofSeconds(30)).until(() -> !registry.isAlive());
    } finally {
      parent.destroyForcibly();
    }
  }

  private static Process startHolder(Path temporary) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-classpath",
            System.getProperty("java.class.path"),
            RegistryHolder.class.getName())
        .redirectError(temporary.resolve("holder.log").toFile())
        .start();
  }

  private static long announcedPid(Process parent) throws IOException {
    BufferedReader output = parent.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(ANNOUNCEMENT)) {
        return Long.parseLong(line.substring(ANNOUNCEMENT.length()));
      }
    }
    throw new AssertionError("The holder ended before the registry was up");
  }
}
