package org.beamtemplates.runners.flink.exactness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The completed checkpoints in a folder, of all attempts of a job: they go on counting. */
record Checkpoints(Path folder) {

  private static final String NAME = "chk-";

  /** Returns the number of the newest; 0 if there is none. */
  int newestNumber() throws IOException {
    return newest().map(Checkpoints::number).orElse(0);
  }

  /** Returns the folder of the newest. */
  Optional<Path> newest() throws IOException {
    Optional<Path> newest = Optional.empty();
    for (Path job : foldersIn(folder)) {
      for (Path checkpoint : foldersIn(job)) {
        if (isComplete(checkpoint)
            && (newest.isEmpty() || number(checkpoint) > number(newest.get()))) {
          newest = Optional.of(checkpoint);
        }
      }
    }
    return newest;
  }

  private static boolean isComplete(Path checkpoint) {
    return checkpoint.getFileName().toString().startsWith(NAME)
        && Files.exists(checkpoint.resolve("_metadata"));
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().substring(NAME.length()));
  }

  private static List<Path> foldersIn(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).sorted(Comparator.naturalOrder()).toList();
    }
  }
}
