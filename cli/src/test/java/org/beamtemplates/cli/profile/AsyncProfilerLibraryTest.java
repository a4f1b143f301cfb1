package org.beamtemplates.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsyncProfilerLibraryTest {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x64",
    "Linux, aarch64, linux-arm64",
    "Mac OS X, aarch64, macos",
    "Mac OS X, x86_64, macos"
  })
  void theJarHasTheLibraryForTheSystem(String system, String processor, String folder) {
    assertThat(AsyncProfilerLibrary.platform(system, processor)).isEqualTo(folder);
    assertThat(getClass().getResource("/" + folder + "/libasyncProfiler.so")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, riscv64", "FreeBSD, amd64"})
  void otherSystemsAreRefusedWithWhatWorksThere(String system, String processor) {
    assertThatThrownBy(() -> AsyncProfilerLibrary.platform(system, processor))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("for " + system + " on " + processor)
        .hasMessageContaining("--profile jfr");
  }
}
