package org.beamtemplates.runners.flink;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.construction.resources.PipelineResources;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.FlinkApplication;
import org.beamtemplates.services.FlinkInstallation;
import org.beamtemplates.services.LocalFlinkCluster;

/** realtime-analytics in application mode, as the image for Kubernetes has it. */
final class TemplateApplication {

  private static final int TASK_MANAGERS = 2;

  private TemplateApplication() {}

  /**
   * Starts a cluster for it, of Flink alone, with checkpoints in a folder.
   *
   * @param folder for checkpoints and jars
   * @param settings of Flink
   * @param job options of the template
   */
  static LocalFlinkCluster start(Path folder, Map<String, String> settings, String... job)
      throws IOException {
    return start(folder, flink(), folder.resolve("checkpoints").toUri().toString(), settings, job);
  }

  /** Returns what a Flink distribution has in its lib folder. */
  static FlinkInstallation flink() throws IOException {
    return FlinkInstallation.of(Files.readString(Path.of("target/cluster.classpath")));
  }

  /**
   * Starts a cluster for it.
   *
   * @param folder for jars
   * @param flink what the cluster consists of
   * @param checkpoints where they go
   * @param settings of Flink
   * @param job options of the template
   */
  static LocalFlinkCluster start(
      Path folder,
      FlinkInstallation flink,
      String checkpoints,
      Map<String, String> settings,
      String... job)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "@" + Path.of("application/application.options").toAbsolutePath(),
                "--stateBackendStoragePath=" + checkpoints));
    arguments.addAll(List.of(job));
    List<Path> jars = jars(Files.createDirectories(folder.resolve("jars")));
    Path own = jars.stream().filter(TemplateApplication::hasMain).findFirst().orElseThrow();
    return LocalFlinkCluster.startApplication(
        flink,
        new FlinkApplication(
            own,
            jars.stream().filter(jar -> !jar.equals(own)).toList(),
            RealtimeAnalytics.class.getName(),
            arguments),
        settings,
        TASK_MANAGERS,
        1);
  }

  private static boolean hasMain(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getEntry(RealtimeAnalytics.class.getName().replace('.', '/') + ".class") != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jars of the image; classes that are in no jar yet are put into one. */
  private static List<Path> jars(Path folder) throws IOException {
    List<String> files =
        Stream.concat(
                Stream.of(Path.of("target/classes").toAbsolutePath().toString()),
                Stream.of(
                    Files.readString(Path.of("target/job.classpath"))
                        .split(File.pathSeparator, -1)))
            .toList();
    return PipelineResources.prepareFilesForStaging(files, folder.toString()).stream()
        .map(Path::of)
        .toList();
  }
}
