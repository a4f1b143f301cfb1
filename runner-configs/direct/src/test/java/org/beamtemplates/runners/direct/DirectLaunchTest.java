package org.beamtemplates.runners.direct;

import static org.assertj.core.api.Assertions.assertThat;

import org.beamtemplates.testing.LaunchContract;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.junit.jupiter.api.Test;

class DirectLaunchTest extends LaunchContract {

  DirectLaunchTest() {
    super("direct", "DirectRunner");
  }

  @Test
  void theServiceLoaderFindsTheAnswers() {
    RunnerCapabilities capabilities = RunnerCapabilities.of(options());

    assertThat(capabilities).isInstanceOf(DirectCapabilities.class);
    assertThat(capabilities.stableInput()).isTrue();
    assertThat(capabilities.batchedReading()).isFalse();
  }
}
