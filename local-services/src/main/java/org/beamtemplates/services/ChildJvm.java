package org.beamtemplates.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

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
      Process process =
          new ProcessBuilder(ParentGuard.guarded(command, folder))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildJvm(process, log);
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

  /** All that the child writes to its standard output and error. */
  Path log() {
    return log;
  }

  /** Ends the child at once, without giving it a chance to save what it does not keep anyway. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static String mainClassOf(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
    }
  }
}
