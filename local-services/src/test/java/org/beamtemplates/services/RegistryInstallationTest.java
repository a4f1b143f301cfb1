package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryInstallationTest {

  @Test
  void theBuildSaysWhereTheArchiveIs() {
    RegistryInstallation built = RegistryInstallation.locate();

    assertThat(built.archive()).isRegularFile().hasFileName(archiveOf(built.version()));
  }

  @Test
  void aMissingArchiveIsExplained(@TempDir Path temporary) {
    Path archive = temporary.resolve("gone.tar.gz");
    Path folder = temporary.resolve("unpacked");

    assertThatThrownBy(() -> new RegistryInstallation("1.2.3", archive, folder).runnerJar())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "1.2.3", archive.toString(), folder.toString(), "./mvnw -pl local-services install");
  }

  @Test
  void theCacheIsChosenByPropertyThenVariableThenXdgThenHome() {
    Map<String, String> home = Map.of("user.home", "home");
    Map<String, String> xdg = Map.of("XDG_CACHE_HOME", "xdg");
    Map<String, String> both =
        Map.of("XDG_CACHE_HOME", "xdg", "BEAM_TEMPLATES_CACHE", "from-variable");
    Map<String, String> property =
        Map.of("user.home", "home", "beamtemplates.cache", "from-property");

    assertThat(CacheFolder.locate(property::get, both::get)).isEqualTo(Path.of("from-property"));
    assertThat(CacheFolder.locate(home::get, both::get)).isEqualTo(Path.of("from-variable"));
    assertThat(CacheFolder.locate(home::get, xdg::get)).isEqualTo(Path.of("xdg/beam-templates"));
    assertThat(CacheFolder.locate(home::get, Map.<String, String>of()::get))
        .isEqualTo(Path.of("home/.cache/beam-templates"));
  }

  private static String archiveOf(String version) {
    return "apicurio-registry-app-" + version + "-all.tar.gz";
  }
}
