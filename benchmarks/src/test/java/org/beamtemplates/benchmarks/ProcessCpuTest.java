package org.beamtemplates.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCpuTest {

  @TempDir private Path tasks;

  @Test
  void leavesOutTheTimeOfCompilersAlsoAfterTheyHaveEnded() throws IOException {
    ProcessHandle self = ProcessHandle.current();
    Duration all = self.info().totalCpuDuration().orElseThrow();
    thread("11", "C2 CompilerThre", 10, 5);
    thread("12", "C1 CompilerThre", 1, 1);
    thread("13", "main) (odd", 1_000, 1_000);
    ProcessCpu cpu = new ProcessCpu(self, tasks);

    Duration first = cpu.used();
    Files.delete(tasks.resolve("11/stat"));
    Files.delete(tasks.resolve("11"));
    Duration later = cpu.used();

    assertThat(first).isGreaterThanOrEqualTo(all.minusMillis(170));
    assertThat(self.info().totalCpuDuration().orElseThrow().minus(later))
        .isGreaterThanOrEqualTo(Duration.ofMillis(170))
        .isLessThan(Duration.ofMillis(1_000));
  }

  private void thread(String id, String name, int user, int system) throws IOException {
    Path folder = Files.createDirectory(tasks.resolve(id));
    Files.writeString(
        folder.resolve("stat"),
        id + " (" + name + ") S 1 1 1 0 -1 4194368 1 0 0 0 " + user + " " + system + " 0 0 20\n");
  }
}
