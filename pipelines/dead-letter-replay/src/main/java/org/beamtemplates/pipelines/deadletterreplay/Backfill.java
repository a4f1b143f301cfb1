package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Late events in files, one line of JSON each, for a run of their template on files.
 *
 * <p>A file an event, named by where the event came from: one that was too late for several windows
 * has a letter for each, but stands there once, and so does one that is written again by a run
 * after one that was killed.
 */
final class Backfill {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Backfill() {}

  /** Returns the event as a line, or empty if the letter does not keep it as JSON. */
  static Optional<String> line(DeadLetter letter, byte[] payload) {
    if (!letter.getContentType().contains("json")) {
      return Optional.empty();
    }
    try {
      String text = new String(payload, UTF_8);
      // Numbers are not touched where the text is a line already.
      JsonNode parsed = JSON.readTree(text);
      boolean isLine = text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
      return parsed.isObject()
          ? Optional.of((isLine ? text : JSON.writeValueAsString(parsed)) + "\n")
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Returns the file of the event. */
  static String file(String folder, DeadLetter letter) {
    String event =
        letter.getSource() == null
            ? letter.getId()
            : letter.getSourceType()
                + "|"
                + letter.getSource()
                + "|"
                + letter.getPartition()
                + "|"
                + letter.getOffset();
    return FileSystems.matchNewResource(folder, true)
        .resolve("late-" + hash(event) + ".jsonl", StandardResolveOptions.RESOLVE_FILE)
        .toString();
  }

  /** Writes a line as a file, which appears when it is complete. */
  static void write(String file, String line) throws IOException {
    ResourceId complete = FileSystems.matchNewResource(file, false);
    ResourceId unfinished =
        FileSystems.matchNewResource(file + "." + UUID.randomUUID() + ".unfinished", false);
    try (WritableByteChannel channel = FileSystems.create(unfinished, MimeTypes.TEXT)) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    FileSystems.rename(
        List.of(unfinished), List.of(complete), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  private static String hash(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
