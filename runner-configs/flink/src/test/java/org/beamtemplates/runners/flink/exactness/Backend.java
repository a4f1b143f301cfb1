package org.beamtemplates.runners.flink.exactness;

import java.nio.file.Path;
import java.util.List;

/** Where Flink keeps the state of a job. Checkpoints are files in both cases. */
enum Backend {
  /** On the heap, copied while a checkpoint is written. */
  HEAP("filesystem"),
  /** In RocksDB. */
  ROCKSDB("rocksdb");

  private final String option;

  Backend(String option) {
    this.option = option;
  }

  /** Returns the options of a job whose checkpoints are to be in this folder. */
  List<String> options(Path folder) {
    return List.of("--stateBackend=" + option, "--stateBackendStoragePath=" + folder.toUri());
  }
}
