package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.beamtemplates.transforms.deadletter.DeadLetterPayload;
import org.checkerframework.checker.nullness.qual.Nullable;

/** All that a dead letter says, as text for people. */
final class LetterText {

  private static final int VALUE_BYTES = 200;

  private final StringBuilder text = new StringBuilder();

  private LetterText() {}

  /**
   * Returns the text.
   *
   * @param earlier the failures before it, the latest first
   * @param repetitions how often the same id is there besides
   */
  static String of(Found found, List<Found> earlier, long repetitions, PayloadView payload) {
    LetterText text = new LetterText();
    text.head(found, repetitions);
    text.times(found.letter());
    text.attempts(found.letter(), earlier);
    text.error(found.letter());
    text.recordItself(found.letter());
    text.payload(found.letter(), payload);
    return text.text.toString();
  }

  private void head(Found found, long repetitions) {
    DeadLetter letter = found.letter();
    line("id", letter.getId());
    line("category", letter.getCategory());
    String version = letter.getTemplateVersion();
    line("pipeline", letter.getPipeline() + (version.isEmpty() ? "" : " " + version));
    line("stage", letter.getStage());
    line("from", Texts.origin(letter));
    line(
        "lies at",
        found.place() + (repetitions == 0 ? "" : ", and " + repetitions + " times more"));
    line("replayable", replayable(letter));
  }

  private static String replayable(DeadLetter letter) {
    if (!letter.getRedacted().isEmpty()) {
      return "no, taken out was: " + String.join(", ", letter.getRedacted());
    }
    return letter.getReplayable() ? "yes" : "no, the payload was not kept";
  }

  private void times(DeadLetter letter) {
    time("record time", letter.getSourceTimestampMs());
    time("event time", letter.getEventTimeMs());
    if (letter.getWindowStartMs() != null && letter.getWindowEndMs() != null) {
      line(
          "window",
          Texts.time(letter.getWindowStartMs()) + " to " + Texts.time(letter.getWindowEndMs()));
    }
    time("watermark", letter.getWatermarkMs());
    time("first failure", letter.getFirstFailureMs());
    if (letter.getLastFailureMs() != letter.getFirstFailureMs()) {
      time("last failure", letter.getLastFailureMs());
    }
  }

  private void attempts(DeadLetter letter, List<Found> earlier) {
    line("attempts", Integer.toString(letter.getAttempts()));
    @Nullable String next = letter.getPreviousId();
    for (Found before : earlier) {
      next = before.letter().getPreviousId();
      line(
          "before that",
          "%s  attempt %d, %s, %s %s: %s"
              .formatted(
                  Texts.shortId(before.letter().getId()),
                  before.letter().getAttempts(),
                  Texts.time(before.letter().getLastFailureMs()),
                  before.letter().getStage(),
                  before.letter().getCategory(),
                  Texts.line(Texts.reason(before.letter()), VALUE_BYTES)));
    }
    if (next != null) {
      line("before that", next + "  is not here");
    }
  }

  private void error(DeadLetter letter) {
    if (!letter.getErrorClass().isEmpty()) {
      line("error", letter.getErrorClass());
    }
    line("message", Texts.reason(letter));
    if (!letter.getErrorStack().isEmpty()) {
      text.append("stack\n").append(Texts.lines(letter.getErrorStack(), "  "));
    }
  }

  private void recordItself(DeadLetter letter) {
    line("key", letter.getKey() == null ? "(none)" : shown(letter.getKey()));
    for (RecordHeader header : letter.getHeaders()) {
      ByteBuffer value = header.getValue();
      line("header", header.getName() + " = " + (value == null ? "(null)" : shown(value)));
    }
  }

  private void payload(DeadLetter letter, PayloadView view) {
    long size = letter.getPayloadSize();
    line(
        "payload",
        (size < 0 ? "no value" : size + " bytes, " + letter.getContentType())
            + (letter.getSchemaId() == null ? "" : ", schema " + letter.getSchemaId())
            + (letter.getReencoded() ? ", the decoded event encoded again" : "")
            + (letter.getPayloadReference() == null ? "" : ", in " + letter.getPayloadReference()));
    try {
      Optional<byte[]> bytes = DeadLetterPayload.of(letter);
      bytes.ifPresent(found -> text.append(view.of(found, letter.getContentType())));
    } catch (IOException | RuntimeException e) {
      text.append("Its file cannot be read: ")
          .append(Texts.line(String.valueOf(e.getMessage())))
          .append('\n');
    }
  }

  /** Text where it is text, else hex. */
  private static String shown(ByteBuffer value) {
    byte[] bytes = new byte[Math.min(value.remaining(), VALUE_BYTES)];
    value.duplicate().get(bytes);
    String cut = bytes.length < value.remaining() ? " … " + value.remaining() + " bytes" : "";
    try {
      String decoded = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (decoded.equals(Texts.line(decoded))) {
        return decoded + cut;
      }
    } catch (CharacterCodingException e) {
      // Then it is shown as bytes.
    }
    return "0x" + HexFormat.of().formatHex(bytes) + cut;
  }

  private void time(String name, @Nullable Long millis) {
    if (millis != null) {
      line(name, Texts.time(millis));
    }
  }

  private void line(String name, String value) {
    text.append(String.format(Locale.ROOT, "%-15s%s\n", name, Texts.line(value)));
  }
}
