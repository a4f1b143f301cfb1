package org.beamtemplates.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.beamtemplates.cli.doctor.Doctor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this machine lacks. */
@Command(
    name = "doctor",
    description = {
      "Looks at Java, memory, disk, ports and network, and says what to do about what is missing.",
      "",
      "Exit code 0 if there is no problem, 1 if there is; warnings are no problems."
    })
final class DoctorCommand implements Callable<Integer> {

  private static final int WELL = 0;
  private static final int NOT_WELL = 1;

  private final Repository repository;
  @Spec private CommandSpec spec;

  DoctorCommand(Repository repository) {
    this.repository = repository;
  }

  @Override
  public Integer call() {
    List<Path> jvmOptions =
        repository.configs().stream()
            .map(config -> config.module().resolve(JobCommand.JVM_OPTIONS))
            .filter(Files::exists)
            .distinct()
            .toList();
    boolean well = Doctor.of(repository.root(), jvmOptions).report(spec.commandLine().getOut());
    return well ? WELL : NOT_WELL;
  }
}
