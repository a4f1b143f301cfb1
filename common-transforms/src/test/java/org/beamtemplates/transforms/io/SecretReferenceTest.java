package org.beamtemplates.transforms.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {

  @Test
  void readsAVariableOfTheEnvironment() {
    Map.Entry<String, String> variable =
        System.getenv().entrySet().stream()
            .filter(entry -> entry.getKey().matches("[A-Za-z_]+"))
            .findFirst()
            .orElseThrow();

    assertThat(SecretReference.of("env:" + variable.getKey()).resolve())
        .isEqualTo(variable.getValue());
  }

  @Test
  void readsAFileAnewEachTimeWithoutItsLastLineBreak(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), " first\n");
    SecretReference reference = SecretReference.of("file:" + file);
    assertThat(reference.resolve()).isEqualTo(" first");

    Files.writeString(file, "second\n\n");
    assertThat(reference.resolve()).isEqualTo("second\n");
  }

  @Test
  void saysWhatIsNotThere() {
    assertThatThrownBy(() -> SecretReference.of("env:NO_SUCH_VARIABLE").resolve())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("env:NO_SUCH_VARIABLE");
    assertThatThrownBy(() -> SecretReference.of("file:/no/such/file").resolve())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("file:/no/such/file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "", "ENV:hunter2", "env:hunter-2", "env:", "file:hunter2"})
  void refusesAnythingElseAndNeverRepeatsIt(String given) {
    assertThat(SecretReference.problem(given))
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("such as").doesNotContain("hunter"));
    assertThatThrownBy(() -> SecretReference.of(given))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
