package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.util.MimeTypes;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.io.LocalPaths;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where payloads go that are too large for a sink: into files of a folder, one each, named by the
 * dead letter's id. For {@link DeadLetterSink sinks}; {@link DeadLetterPayload} reads them back.
 *
 * <p>The counters {@code payload-in-file} and {@code payload-lost} of namespace {@code deadletter}
 * tell how often.
 */
public final class PayloadOverflow implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String SUFFIX = ".bin";

  /** No separator, no dot in front, no longer than any file system takes. */
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

  private final @Nullable String folder;
  private final Counter inFile = Metrics.counter("deadletter", "payload-in-file");
  private final Counter lost = Metrics.counter("deadletter", "payload-lost");

  private PayloadOverflow(@Nullable String folder) {
    this.folder = folder;
  }

  /** Files in this folder, of any file system that Beam knows. */
  public static PayloadOverflow to(String folder) {
    return new PayloadOverflow(LocalPaths.absolute(folder));
  }

  /** No place: a payload that is too large is lost. */
  public static PayloadOverflow none() {
    return new PayloadOverflow(null);
  }

  /**
   * Returns a copy without the payload: with a reference to its file, or marked as not replayable
   * if there is no place for it. Doing it again writes the same file again.
   *
   * @throws IOException if the file cannot be written now; let the bundle be repeated
   */
  public DeadLetter withoutPayload(DeadLetter letter) throws IOException {
    DeadLetter copy = copy(letter);
    ByteBuffer payload = letter.getPayload();
    if (payload == null) {
      return copy;
    }
    copy.setPayload(null);
    if (folder == null) {
      lost.inc();
      copy.setReplayable(false);
    } else {
      copy.setPayloadReference(write(folder, letter.getId(), payload));
      inFile.inc();
    }
    return copy;
  }

  /** An element is never changed: this is a copy that shares what is large. */
  static DeadLetter copy(DeadLetter letter) {
    DeadLetter copy = new DeadLetter();
    for (Schema.Field field : letter.getSchema().getFields()) {
      copy.put(field.pos(), letter.get(field.pos()));
    }
    return copy;
  }

  /**
   * Writes a dead letter's payload, and returns where it is.
   *
   * <p>The name comes from the id, so that a retry writes the same file again; it appears under its
   * name only when it is complete. Until then its name is its own, because a bundle that is
   * repeated can meet the attempt before.
   */
  private static String write(String folder, String id, ByteBuffer payload) throws IOException {
    String name = nameOf(id);
    ResourceId directory = FileSystems.matchNewResource(folder, true);
    ResourceId file = directory.resolve(name + SUFFIX, StandardResolveOptions.RESOLVE_FILE);
    ResourceId unfinished =
        directory.resolve(
            name + "." + UUID.randomUUID() + ".unfinished", StandardResolveOptions.RESOLVE_FILE);
    try (WritableByteChannel channel = FileSystems.create(unfinished, MimeTypes.BINARY)) {
      ByteBuffer remaining = payload.duplicate();
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
    }
    FileSystems.rename(
        List.of(unfinished), List.of(file), StandardMoveOptions.IGNORE_MISSING_FILES);
    return file.toString();
  }

  /**
   * Reads the file that a dead letter refers to. An envelope is data: it could name any file that
   * the worker may read, so that only the one that was made for it is read.
   */
  static byte[] read(DeadLetter letter) throws IOException {
    MatchResult.Metadata file = find(letter);
    if (!(nameOf(letter.getId()) + SUFFIX).equals(file.resourceId().getFilename())) {
      throw new IOException(refused(letter, "is not named by the dead letter's id"));
    }
    if (file.sizeBytes() != letter.getPayloadSize()) {
      throw new IOException(
          refused(
              letter,
              "has %d bytes, the payload has %d"
                  .formatted(file.sizeBytes(), letter.getPayloadSize())));
    }
    try (InputStream in = Channels.newInputStream(FileSystems.open(file.resourceId()))) {
      return in.readAllBytes();
    }
  }

  private static MatchResult.Metadata find(DeadLetter letter) throws IOException {
    try {
      return FileSystems.matchSingleFileSpec(letter.getPayloadReference());
    } catch (FileNotFoundException e) {
      FileNotFoundException gone = new FileNotFoundException(refused(letter, "is gone"));
      gone.initCause(e);
      throw gone;
    } catch (IllegalArgumentException e) {
      // No file system of this name is on the class path.
      throw new IOException(refused(letter, "cannot be read here: " + e.getMessage()), e);
    }
  }

  /** The id, which is a hash, unless somebody else has made the dead letter. */
  private static String nameOf(String id) {
    return SAFE.matcher(id).matches() ? id : UUID.nameUUIDFromBytes(id.getBytes(UTF_8)).toString();
  }

  private static String refused(DeadLetter letter, String why) {
    return "The file of dead letter %s, %s, %s"
        .formatted(letter.getId(), letter.getPayloadReference(), why);
  }
}
