package org.beamtemplates.transforms.launch;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.runners.PipelineRunnerRegistrar;

/** The runners on the classpath. */
final class Runners {

  private Runners() {}

  static String wanted() {
    List<String> names =
        StreamSupport.stream(ServiceLoader.load(PipelineRunnerRegistrar.class).spliterator(), false)
            .flatMap(
                registrar ->
                    StreamSupport.stream(registrar.getPipelineRunners().spliterator(), false))
            .map(Class::getSimpleName)
            .sorted()
            .toList();
    return names.isEmpty()
        ? "no runner is on the classpath; start with ./templates run … --on <config>"
        : "runners on the classpath: " + String.join(", ", names);
  }
}
