package org.beamtemplates.services;

import java.nio.file.Path;
import java.util.List;

/**
 * A program for a Flink cluster of its own, in application mode: the JobManager runs its main
 * method.
 *
 * @param jar the job's jar, with the main class
 * @param libraries all other jars that it needs and that Flink does not bring
 * @param mainClass name of the main class
 * @param arguments of the main method
 */
public record FlinkApplication(
    Path jar, List<Path> libraries, String mainClass, List<String> arguments) {

  public FlinkApplication {
    libraries = List.copyOf(libraries);
    arguments = List.copyOf(arguments);
  }
}
