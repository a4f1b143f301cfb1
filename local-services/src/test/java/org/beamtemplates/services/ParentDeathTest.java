package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class ParentDeathTest {

  @ParameterizedTest
  @ValueSource(strings = {"registry", "postgres"})
  void aKilledParentTakesItsServiceAlong(String name, @TempDir Path temporary) throws IOException {
    Process parent = startHolder(name, temporary);
    try {
      ProcessHandle service = ProcessHandle.of(announcedPid(parent)).orElseThrow();
      assertThat(service.isAlive()).isTrue();

      parent.destroyForcibly().onExit().join();

      await().atMost(Duration.ofSeconds(30)).until(() -> !service.isAlive());
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aParentThatExitsStopsPostgresAndDeletesItsData(@TempDir Path temporary) throws IOException {
    Process parent = startHolder("postgres", temporary);
    try {
      ProcessHandle service = ProcessHandle.of(announcedPid(parent)).orElseThrow();
      assertThat(scratchFolders(temporary)).isEqualTo(1);

      parent.destroy();
      parent.onExit().join();

      assertThat(service.isAlive()).isFalse();
      assertThat(scratchFolders(temporary)).isZero();
    } finally {
      parent.destroyForcibly();
    }
  }

  private static long scratchFolders(Path temporary) throws IOException {
    try (Stream<Path> entries = Files.list(temporary)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith("beam-templates-postgres-"))
          .count();
    }
  }

  private static Process startHolder(String service, Path temporary) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-classpath",
            System.getProperty("java.class.path"),
            ServiceHolder.class.getName(),
            service)
        .redirectError(temporary.resolve("holder.log").toFile())
        .start();
  }

  private static long announcedPid(Process parent) throws IOException {
    BufferedReader output = parent.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(ServiceHolder.ANNOUNCEMENT)) {
        return Long.parseLong(line.substring(ServiceHolder.ANNOUNCEMENT.length()));
      }
    }
    throw new AssertionError("The holder ended before its service was up");
  }
}
