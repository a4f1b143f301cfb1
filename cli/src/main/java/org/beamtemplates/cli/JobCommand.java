package org.beamtemplates.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.beamtemplates.cli.profile.Profile;
import org.beamtemplates.transforms.launch.Template;

/**
 * The command line of the JVM that runs a template: the runner's flags and classpath, the
 * template's main class, the config's options, and behind them the user's, which win.
 *
 * @param words the command line, word by word
 */
record JobCommand(List<String> words) {

  static final String JVM_OPTIONS = "jvm.options";

  private static final String LOG = "-Dbeamtemplates.log=";
  private static final String CLASSPATH = "-cp";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT);

  static JobCommand of(
      Template<?> template, Config config, List<String> userOptions, LocalDateTime now) {
    Path module = config.module();
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Files.exists(module.resolve(JVM_OPTIONS))) {
      words.add("@" + module.resolve(JVM_OPTIONS));
    }
    words.add(LOG + logFile(template, module, now));
    words.add(CLASSPATH);
    words.add(classpath(module));
    words.add(template.getClass().getName());
    words.add("@" + config.optionFile());
    words.addAll(userOptions);
    return new JobCommand(List.copyOf(words));
  }

  /** Returns the same command with one more system property of the JVM. */
  JobCommand withProperty(String name, String value) {
    List<String> more = new ArrayList<>(words);
    more.add(more.indexOf(CLASSPATH), "-D" + name + "=" + value);
    return new JobCommand(List.copyOf(more));
  }

  /** Returns the same command with a profile of the job's JVM. */
  JobCommand with(Profile profile) {
    List<String> more = new ArrayList<>(words);
    int flag = more.indexOf(CLASSPATH);
    String added =
        profile.classpath().stream().map(Path::toString).collect(joining(File.pathSeparator));
    more.set(flag + 1, more.get(flag + 1) + File.pathSeparator + added);
    more.addAll(flag, profile.jvmFlags());
    return new JobCommand(List.copyOf(more));
  }

  /** Returns the file of the job's log. */
  Path log() {
    return words.stream()
        .filter(word -> word.startsWith(LOG))
        .map(word -> Path.of(word.substring(LOG.length())))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Writes the words to the file from which the script takes the command that replaces it.
   *
   * @param execFile the file; empty if no script is there to take it
   */
  void handOver(String execFile) {
    if (execFile.isEmpty()) {
      throw new UserError(
          "Only the script ./templates can run a job. It would start:\n" + quoted());
    }
    try {
      Files.writeString(Path.of(execFile), String.join("\0", words) + "\0", UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + execFile, e);
    }
  }

  /** Returns the words so that a shell reads them back as they are. */
  String quoted() {
    return words.stream()
        .map(
            word -> word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(joining(" "));
  }

  private static String classpath(Path module) {
    Path file = module.resolve("target/runtime.classpath");
    try {
      return module.resolve("target/classes") + File.pathSeparator + Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw new UserError("There is no " + file + ": build first, or start with ./templates");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static Path logFile(Template<?> template, Path module, LocalDateTime now) {
    return module.resolve("target/logs").resolve(template.name() + "-" + TIME.format(now) + ".log");
  }
}
