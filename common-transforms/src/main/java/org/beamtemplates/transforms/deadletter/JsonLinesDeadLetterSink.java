package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.io.PanedFiles;
import org.joda.time.Duration;

/** Writes dead letters to files of JSON lines: see {@link DeadLetterSinks#jsonLines}. */
public final class JsonLinesDeadLetterSink implements DeadLetterSink {

  /** Longer lines are more than most tools for lines take. */
  static final int DEFAULT_MAX_BYTES = 16_000_000;

  static final Duration DEFAULT_EVERY = Duration.standardSeconds(30);

  private final String folder;
  private final int maxBytes;
  private final PayloadOverflow overflow;
  private final Duration every;

  JsonLinesDeadLetterSink(String folder) {
    this(
        requireNonNull(folder, "folder"),
        DEFAULT_MAX_BYTES,
        PayloadOverflow.to(folder.replaceFirst("/+$", "") + "/payloads"),
        DEFAULT_EVERY);
  }

  private JsonLinesDeadLetterSink(
      String folder, int maxBytes, PayloadOverflow overflow, Duration every) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.overflow = overflow;
    this.every = requireNonNull(every, "every");
  }

  /** Sets the longest line in bytes. */
  public JsonLinesDeadLetterSink withMaxBytes(int bytes) {
    if (bytes < 10_000) {
      throw new IllegalArgumentException("an envelope needs 10000 bytes at least, not " + bytes);
    }
    return new JsonLinesDeadLetterSink(folder, bytes, overflow, every);
  }

  /** Writes payloads that do not fit into files in this folder. Default: {@code payloads} in it. */
  public JsonLinesDeadLetterSink withOverflowTo(String other) {
    return new JsonLinesDeadLetterSink(folder, maxBytes, PayloadOverflow.to(other), every);
  }

  /** How long an unbounded pipeline waits before it writes a file, in processing time. */
  public JsonLinesDeadLetterSink every(Duration interval) {
    return new JsonLinesDeadLetterSink(folder, maxBytes, overflow, interval);
  }

  @Override
  public POutput write(PCollection<DeadLetter> deadLetters) {
    return deadLetters.apply(
        "WriteDeadLetters",
        PanedFiles.to(
            folder,
            new JsonLinesFile(new EnvelopeLimit(overflow), maxBytes),
            "dead-letters",
            ".jsonl",
            every));
  }
}
