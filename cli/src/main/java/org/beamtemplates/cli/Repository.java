package org.beamtemplates.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The checkout that the command belongs to.
 *
 * @param root its folder
 */
record Repository(Path root) {

  /** Set by the script: the folder that it is in. */
  static final String HOME = "beamtemplates.home";

  static Repository current() {
    return new Repository(Path.of(System.getProperty(HOME, "")).toAbsolutePath().normalize());
  }

  /** Returns the configs of all runners, by name. */
  List<Config> configs() {
    List<Config> configs = new ArrayList<>();
    Path runners = root.resolve("runner-configs");
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(runners, Files::isDirectory)) {
      for (Path module : modules) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(module, "*" + Config.SUFFIX)) {
          files.forEach(file -> addIfConfig(configs, file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + runners, e);
    }
    configs.sort(Comparator.comparing(Config::name));
    return configs;
  }

  /** Returns the runners that have a module, by name, whether there is a config for them or not. */
  List<String> runners() {
    Path folder = root.resolve("runner-configs");
    try (Stream<Path> modules = Files.list(folder)) {
      return modules
          .filter(module -> Files.exists(module.resolve("pom.xml")))
          .map(module -> module.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder, e);
    }
  }

  Config config(String name) {
    List<Config> configs = configs();
    return configs.stream()
        .filter(config -> config.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "There is no config "
                        + name
                        + ". "
                        + Choices.of(
                            "Configs", name, configs.stream().map(Config::name).toList())));
  }

  /** The flags of the JVM are in a file of the same kind of name. */
  private static void addIfConfig(List<Config> configs, Path file) {
    if (!file.getFileName().toString().equals(JobCommand.JVM_OPTIONS)) {
      configs.add(new Config(file));
    }
  }
}
