package org.beamtemplates.services;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the machines of a Flink cluster have been given: Flink, perhaps file systems that it does
 * not have itself, and settings.
 *
 * @param classpath of Flink: its runtime, the client's classes, the RPC system, state backends
 * @param plugins the folder that has a folder for each plugin, as Flink wants it
 * @param settings over those that a local cluster has, such as {@code s3.endpoint}
 */
public record FlinkInstallation(
    String classpath, Optional<Path> plugins, Map<String, String> settings) {

  public FlinkInstallation {
    settings = Map.copyOf(settings);
  }

  /** Returns Flink alone. */
  public static FlinkInstallation of(String classpath) {
    return new FlinkInstallation(classpath, Optional.empty(), Map.of());
  }

  /** Returns the same with jars more on the class path, as {@code HADOOP_CLASSPATH} adds them. */
  public FlinkInstallation withJars(List<Path> jars) {
    String more = jars.stream().map(Path::toString).collect(joining(File.pathSeparator));
    return new FlinkInstallation(classpath + File.pathSeparator + more, plugins, settings);
  }

  /** Returns the same with plugins. */
  public FlinkInstallation withPlugins(Path folder) {
    return new FlinkInstallation(classpath, Optional.of(folder), settings);
  }

  /** Returns the same with a setting more. */
  public FlinkInstallation with(String setting, String value) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put(setting, value);
    return new FlinkInstallation(classpath, plugins, all);
  }

  Map<String, String> environment() {
    return plugins
        .map(folder -> Map.of("FLINK_PLUGINS_DIR", folder.toAbsolutePath().toString()))
        .orElse(Map.of());
  }

  Stream<String> lines() {
    return new TreeMap<>(settings)
        .entrySet().stream().map(setting -> setting.getKey() + ": " + setting.getValue());
  }
}
