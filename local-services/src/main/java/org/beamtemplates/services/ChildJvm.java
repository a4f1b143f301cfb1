package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own, which never outlives this one.
 *
 * <p>Keeps the child's standard input open by referring to its {@link Process}: were this object
 * forgotten, the garbage collector would close the pipe and so end the child.
 */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final Path log;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the main class that a jar's manifest names.
   *
   * @param jar the program; its manifest's class path counts
   * @param folder working folder and home of the log and of temporary files
   */
  static ChildJvm start(Path jar, Path folder, List<String> jvmOptions) {
    try {
      return start(jar.toString(), mainClassOf(jar), List.of(), folder, "service", jvmOptions);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start a JVM for " + jar, e);
    }
  }

  /**
   * Starts a main class.
   *
   * @param folder working folder and home of the log and of temporary files
   * @param name of the log's file
   */
  static ChildJvm start(
      String classpath,
      String mainClass,
      List<String> arguments,
      Path folder,
      String name,
      List<String> jvmOptions) {
    return start(classpath, mainClass, arguments, folder, name, jvmOptions, Map.of());
  }

  /**
   * Starts a main class.
   *
   * @param folder working folder and home of the log and of temporary files
   * @param name of the log's file
   * @param environment variables besides those of this JVM
   */
  static ChildJvm start(
      String classpath,
      String mainClass,
      List<String> arguments,
      Path folder,
      String name,
      List<String> jvmOptions,
      Map<String, String> environment) {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(jvmOptions);
    command.add("-classpath");
    command.add(classpath);
    command.add(mainClass);
    command.addAll(arguments);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(ParentGuard.guarded(command, folder))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new ChildJvm(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start a JVM for " + mainClass, e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the child's exit code, or nothing if it has not ended in this time. */
  OptionalInt awaitEnd(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /** All that the child writes to its standard output and error. */
  Path log() {
    return log;
  }

  /** Returns the end of the log, without the frames of stack traces: causes are below them. */
  String lastLines(int count) {
    try (Stream<String> lines = Files.lines(log, UTF_8)) {
      List<String> told = lines.filter(line -> !line.startsWith("\t")).toList();
      return String.join(
          System.lineSeparator(), told.subList(Math.max(0, told.size() - count), told.size()));
    } catch (IOException e) {
      return "(its log " + log + " cannot be read)";
    }
  }

  /**
   * Ends the child and what it has started at once, without giving them a chance to save what they
   * do not keep anyway.
   */
  @Override
  public void close() {
    // A child that is gone has no descendants: whom it leaves behind is nobody's child.
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(ended -> ended.onExit().join());
  }

  private static String mainClassOf(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
    }
  }
}
