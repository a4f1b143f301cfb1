package org.beamtemplates.runners.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** kubernetes/flink-deployment.yaml, as its readers see it. */
final class DeploymentFile {

  private static final Path FILE = Path.of("kubernetes/flink-deployment.yaml");

  /** Where the Dockerfile puts the option files of this folder. */
  private static final String FOLDER_IN_IMAGE = "@/opt/flink/job/";

  private final Map<String, Object> deployment;
  private final Map<String, Object> policy;

  private DeploymentFile(Map<String, Object> deployment, Map<String, Object> policy) {
    this.deployment = deployment;
    this.policy = policy;
  }

  static DeploymentFile read() throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    LoadSettings strict = LoadSettings.builder().setAllowDuplicateKeys(false).build();
    for (Object document : new Load(strict).loadAllFromString(Files.readString(FILE))) {
      documents.add(map(document));
    }
    return new DeploymentFile(documents.get(0), documents.get(1));
  }

  Map<String, Object> deployment() {
    return deployment;
  }

  Map<String, Object> policy() {
    return policy;
  }

  /** Returns what is found by going down these names. */
  static Object at(Map<String, Object> from, String... names) {
    Object found = from;
    for (String name : names) {
      found = map(found).get(name);
    }
    if (found == null) {
      throw new AssertionError("There is no " + String.join(".", names));
    }
    return found;
  }

  String name() {
    return (String) at(deployment, "metadata", "name");
  }

  Object spec(String... names) {
    return at(map(at(deployment, "spec")), names);
  }

  String job(String name) {
    return String.valueOf(spec("job", name));
  }

  /** Returns spec.flinkConfiguration; all of its values are strings, as the operator demands. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    map(spec("flinkConfiguration")).forEach((key, value) -> settings.put(key, (String) value));
    return settings;
  }

  /** Returns spec.flinkConfiguration as Flink reads it. */
  Configuration configuration() {
    return Configuration.fromMap(settings());
  }

  /** Returns the arguments of the template; files of the image are those of this folder. */
  List<String> args() {
    List<String> args = new ArrayList<>();
    for (Object arg : (List<?>) spec("job", "args")) {
      String text = (String) arg;
      args.add(
          text.startsWith(FOLDER_IN_IMAGE)
              ? "@" + Path.of(text.substring(FOLDER_IN_IMAGE.length())).toAbsolutePath()
              : text);
    }
    return args;
  }

  /** Returns the options that the arguments and their files come to: the last of each counts. */
  String[] options() {
    Map<String, String> byName = new LinkedHashMap<>();
    args().forEach(arg -> expand(arg, byName));
    return byName.values().toArray(String[]::new);
  }

  private static void expand(String arg, Map<String, String> byName) {
    if (!arg.startsWith("@")) {
      byName.put(arg.split("=", 2)[0], arg);
      return;
    }
    Path file = Path.of(arg.substring(1));
    String here = file.getParent().toString();
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("@")) {
          expand("@" + file.resolveSibling(line.substring(1)).normalize(), byName);
        } else if (line.startsWith("--")) {
          expand(line.replace("${here}", here), byName);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object node) {
    if (node instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new AssertionError("No mapping: " + node);
  }
}
