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
 * Stands where the runner would copy to Cloud Storage: leaves jars where they are, and keeps the
 * graph beside the job file.
 */
public final class LocalStager implements Stager {

  private final Path folder;

  private LocalStager(Path folder) {
    this.folder = folder;
  }

  /** Called by the runner, which finds the stager by the name of its class. */
  public static LocalStager fromOptions(PipelineOptions options) {
    String jobFile = options.as(DataflowPipelineOptions.class).getTemplateLocation();
    return new LocalStager(Path.of(jobFile).toAbsolutePath().getParent());
  }

  @Override
  public List<DataflowPackage> stageFiles(List<StagedFile> files) {
    return List.of();
  }

  @Override
  public DataflowPackage stageToFile(byte[] bytes, String name) {
    try {
      Path file = Files.write(folder.resolve(name), bytes);
      return new DataflowPackage().setName(name).setLocation(file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
