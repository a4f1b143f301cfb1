package org.beamtemplates.runners.dataflow;

import com.google.api.services.dataflow.model.DataflowPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.PackageUtil.StagedFile;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Stands where the runner would copy to Cloud Storage: writes the graph of a job into the local
 * folder that {@code --stagingLocation} names, and leaves jars where they are. To look at a job
 * without an account: Dataflow cannot run what was staged so. Chosen by
 *
 * <pre>{@code
 * --stagerClass=org.beamtemplates.runners.dataflow.LocalStager
 * --pathValidatorClass=org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator
 * --credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory
 * }</pre>
 */
public final class LocalStager implements Stager {

  private final Path folder;

  private LocalStager(Path folder) {
    this.folder = folder;
  }

  /** Called by the runner, which finds the stager by the name of its class. */
  public static LocalStager fromOptions(PipelineOptions options) {
    String location = options.as(DataflowPipelineOptions.class).getStagingLocation();
    if (location == null || location.contains("://")) {
      throw new IllegalArgumentException(
          "--stagingLocation is " + location + "; LocalStager takes a local folder");
    }
    return new LocalStager(Path.of(location).toAbsolutePath());
  }

  @Override
  public List<DataflowPackage> stageFiles(List<StagedFile> files) {
    return List.of();
  }

  @Override
  public DataflowPackage stageToFile(byte[] bytes, String name) {
    try {
      Path file = Files.write(Files.createDirectories(folder).resolve(name), bytes);
      return new DataflowPackage().setName(name).setLocation(file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
