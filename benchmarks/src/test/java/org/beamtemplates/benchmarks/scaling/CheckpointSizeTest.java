package org.beamtemplates.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSizeTest {

  @TempDir private Path folder;

  @Test
  void isThatOfTheLargestCheckpoint() throws IOException {
    CheckpointSize size = new CheckpointSize(folder);
    size.look();
    assertThat(size.largest()).isEmpty();

    write("chk-1", 100);
    size.look();
    write("chk-2", 5_000);
    size.look();
    write("chk-3", 30);
    size.look();

    assertThat(size.largest()).hasValue(5_000);
  }

  @Test
  void waitsForACheckpointThatIsNotWhole() throws IOException {
    CheckpointSize size = new CheckpointSize(folder);
    Path metadata = write("chk-1", 100);
    byte[] whole = Files.readAllBytes(metadata);
    Files.write(metadata, new byte[] {whole[0], whole[1]});
    size.look();
    assertThat(size.largest()).isEmpty();

    Files.write(metadata, whole);
    size.look();

    assertThat(size.largest()).hasValue(100);
  }

  private Path write(String name, int bytes) throws IOException {
    OperatorState operator = new OperatorState(new OperatorID(1, 2), 1, 128);
    operator.putState(
        0,
        OperatorSubtaskState.builder()
            .setManagedKeyedState(
                new KeyGroupsStateHandle(
                    new KeyGroupRangeOffsets(KeyGroupRange.of(0, 127)),
                    new ByteStreamStateHandle(name, new byte[bytes])))
            .build());
    Path metadata = folder.resolve("checkpoints/job").resolve(name).resolve("_metadata");
    Files.createDirectories(metadata.getParent());
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(metadata))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(1, List.of(operator), List.of()), out);
    }
    return metadata;
  }
}
