package org.beamtemplates.benchmarks.scaling;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

/**
 * How large the state of a job is: the bytes that the largest of its complete checkpoints refers
 * to, in files and in its metadata. Flink deletes a checkpoint when the next is complete, so they
 * are looked at while the job runs.
 */
final class CheckpointSize {

  private static final String METADATA = "_metadata";
  private static final int DEPTH = 4;

  private final Path folder;
  private final Set<Path> seen = new HashSet<>();
  private OptionalLong largest = OptionalLong.empty();

  /** Of a job that writes its checkpoints anywhere below a folder. */
  CheckpointSize(Path folder) {
    this.folder = folder;
  }

  /** Looks for new checkpoints. */
  void look() {
    for (Path metadata : found()) {
      if (seen.add(metadata)) {
        read(metadata);
      }
    }
  }

  /** Returns the bytes of the largest checkpoint so far. */
  OptionalLong largest() {
    return largest;
  }

  private List<Path> found() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files.filter(file -> file.endsWith(METADATA)).toList();
    } catch (IOException | UncheckedIOException e) {
      // A folder was deleted meanwhile: the next look sees the others.
      return List.of();
    }
  }

  private void read(Path metadata) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
      CheckpointMetadata checkpoint =
          Checkpoints.loadCheckpointMetadata(
              in, CheckpointSize.class.getClassLoader(), metadata.getParent().toString());
      long bytes =
          checkpoint.getOperatorStates().stream().mapToLong(OperatorState::getStateSize).sum();
      largest = OptionalLong.of(Math.max(bytes, largest.orElse(0)));
    } catch (IOException e) {
      // It was not whole yet: Flink writes it in one go, so the next look has it.
      seen.remove(metadata);
    }
  }
}
