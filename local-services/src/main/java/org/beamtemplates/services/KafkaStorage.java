package org.beamtemplates.services;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.tools.StorageTool;

/** Where a node of Kafka keeps its data. */
final class KafkaStorage {

  private KafkaStorage() {}

  /**
   * Writes a node's settings and formats its storage for its cluster: it starts on no other.
   *
   * @param file where to write the settings
   * @param cluster id of the cluster
   */
  static void format(Properties properties, Path file, String cluster) {
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    String[] arguments = {"format", "--config", file.toString(), "--cluster-id", cluster};
    int exitCode = StorageTool.execute(arguments, silent);
    if (exitCode != 0) {
      throw new IllegalStateException("Formatting the storage ended with exit code " + exitCode);
    }
  }
}
