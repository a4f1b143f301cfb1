package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.testing.LaunchContract;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkLaunchTest extends LaunchContract {

  FlinkLaunchTest() {
    super("flink", "FlinkRunner");
  }

  @Test
  void stableInputNeedsExactCheckpoints() {
    assertThat(stableInput()).isFalse();
    assertThat(stableInput("--checkpointingInterval=1000")).isTrue();
    assertThat(stableInput("--checkpointingInterval=1000", "--checkpointingMode=AT_LEAST_ONCE"))
        .isFalse();
  }

  @Test
  void moreWorkersThanBucketsAreForAreRefusedWithAWayOut(@TempDir Path folder) throws IOException {
    Path input = Files.createFile(folder.resolve("input.jsonl"));
    String[] job = {
      "@flink.options", "--input=" + input, "--output=" + folder.resolve("out"), "--parallelism=33"
    };

    Launched refused = Launched.of(new RealtimeAnalytics(), job);
    Launched wayOut =
        Launched.of(
            new RealtimeAnalytics(), job[0], job[1], job[2], job[3], "--buckets=132", "--help");

    assertThat(refused.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("--parallelism", "is 33", "32 at most", "132 buckets at least, by --buckets");
    assertThat(wayOut.out()).contains("then by 132 buckets of keys");
  }

  private boolean stableInput(String... flags) {
    RunnerCapabilities capabilities = RunnerCapabilities.of(options(flags));
    assertThat(capabilities).isInstanceOf(FlinkCapabilities.class);
    return capabilities.stableInput();
  }
}
