package org.beamtemplates.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The registry's program: a release, the archive that the build has downloaded to the local Maven
 * repository, and the folder to which it is unpacked once for all later runs.
 */
record RegistryInstallation(String version, Path archive, Path folder) {

  /** The release that this module was built with, in the user's cache. */
  static RegistryInstallation locate() {
    Properties built = new Properties();
    try (InputStream bytes = RegistryInstallation.class.getResourceAsStream("apicurio.properties");
        Reader reader = new InputStreamReader(bytes, StandardCharsets.UTF_8)) {
      built.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = built.getProperty("version");
    return new RegistryInstallation(
        version,
        Path.of(built.getProperty("archive")),
        CacheFolder.locate().resolve("apicurio-registry-" + version));
  }

  /**
   * The jar to run, unpacked if need be (about 150 MB on disk).
   *
   * @throws IllegalStateException if there is neither an unpacked registry nor its archive
   */
  Path runnerJar() {
    if (!Files.isDirectory(folder) && !Files.isRegularFile(archive)) {
      throw new IllegalStateException(
          """
          Apicurio Registry %s is not unpacked in %s, and its archive is not at %s, where the \
          build of local-services found it. Build that module again to download it: \
          ./mvnw -pl local-services install"""
              .formatted(version, folder, archive));
    }
    try {
      TarGz.unpackOnce(archive, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack %s to %s".formatted(archive, folder), e);
    }
    return folder.resolve("apicurio-registry-app-" + version + "-runner.jar");
  }
}
