package org.beamtemplates.runners.flink.exactness;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.services.ParentGuard;

/** A JVM with a {@link JobMain}, which ends with this one at the latest. */
final class JobJvm implements AutoCloseable {

  private final Process process;

  private JobJvm(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param folder for what it writes: its log, its temporary files
   * @param arguments of {@link JobMain}
   */
  static JobJvm start(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What Flink and Beam need to see of the JDK, as this JVM was given it.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Duser.timezone=UTC",
            "-Dbeamtemplates.log=" + folder.resolve("job.log"),
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            JobMain.class.getName()));
    command.addAll(arguments);
    return new JobJvm(
        new ProcessBuilder(ParentGuard.guarded(command, folder))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("job.out").toFile())
            .start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Kills it: SIGKILL, nothing is written any more. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
