package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.beamtemplates.testing.LaunchContract;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.junit.jupiter.api.Test;

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

  private boolean stableInput(String... flags) {
    RunnerCapabilities capabilities = RunnerCapabilities.of(options(flags));
    assertThat(capabilities).isInstanceOf(FlinkCapabilities.class);
    return capabilities.stableInput();
  }
}
