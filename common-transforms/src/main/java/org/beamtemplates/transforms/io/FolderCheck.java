package org.beamtemplates.transforms.io;

import java.io.File;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;

/** Looks at files and folders before a launch, on any file system that Beam knows. */
public final class FolderCheck {

  private FolderCheck() {}

  /**
   * Returns why nothing can be written to a folder, or empty if it can. Writes an empty file into
   * it and deletes that again; a folder that is not there is made.
   */
  public static Optional<String> unwritable(String folder) {
    try {
      ResourceId directory = FileSystems.matchNewResource(folder, true);
      ResourceId probe =
          directory.resolve(".probe-" + UUID.randomUUID(), StandardResolveOptions.RESOLVE_FILE);
      try (WritableByteChannel channel = FileSystems.create(probe, MimeTypes.BINARY)) {
        // Opening it is the test.
      }
      FileSystems.delete(List.of(probe), StandardMoveOptions.IGNORE_MISSING_FILES);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of("was \"" + folder + "\", which cannot be written to (" + reason(e) + ")");
    }
  }

  /** Returns why there is nothing to read under a file pattern, or empty if there is. */
  public static Optional<String> unreadable(String pattern) {
    // Beam looks through the whole folder for a file that is not there, which can be the root.
    if (pattern.matches("[^:*?\\[{]+") && !new File(pattern).exists()) {
      return Optional.of("was \"" + pattern + "\", which matches no file");
    }
    try {
      MatchResult match = FileSystems.match(pattern, EmptyMatchTreatment.DISALLOW);
      return match.metadata().isEmpty()
          ? Optional.of("was \"" + pattern + "\", which matches no file")
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of("was \"" + pattern + "\", which matches no file (" + reason(e) + ")");
    }
  }

  private static String reason(Exception error) {
    return error.getClass().getSimpleName() + ": " + error.getMessage();
  }
}
