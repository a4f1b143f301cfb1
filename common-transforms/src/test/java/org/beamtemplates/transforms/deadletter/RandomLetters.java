package org.beamtemplates.transforms.deadletter;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Random dead letters from a seed: every field with extremes, and with text from all of Unicode.
 */
final class RandomLetters {

  private static final String[] STRINGS = {
    "", "\u0000", "\"\\/\n\r\t\u2028", "é", "漢字", "😀", "\uFEFF", "null", "a,b;c"
  };
  private static final long[] LONGS = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53};

  private final Random random;

  RandomLetters(long seed) {
    this.random = new Random(seed);
  }

  DeadLetter next() {
    ByteBuffer payload = maybe(this::bytes);
    return DeadLetter.newBuilder()
        .setId(string())
        .setCategory(string())
        .setPipeline(string())
        .setTemplateVersion(string())
        .setStage(string())
        .setPayload(payload)
        .setPayloadSize(payload == null ? -1 : payload.remaining())
        .setPayloadReference(maybe(this::string))
        .setReencoded(random.nextBoolean())
        .setReplayable(random.nextBoolean())
        .setContentType(string())
        .setSchemaId(maybe(random::nextInt))
        .setKey(maybe(this::bytes))
        .setHeaders(list(() -> new RecordHeader(string(), maybe(this::bytes))))
        .setSource(maybe(this::string))
        .setSourceType(string())
        .setPartition(maybe(random::nextInt))
        .setOffset(maybe(this::aLong))
        .setSourceTimestampMs(maybe(this::aLong))
        .setEventTimeMs(maybe(this::aLong))
        .setWindowStartMs(maybe(this::aLong))
        .setWindowEndMs(maybe(this::aLong))
        .setWatermarkMs(maybe(this::aLong))
        .setFirstFailureMs(aLong())
        .setLastFailureMs(aLong())
        .setAttempts(random.nextInt())
        .setErrorClass(string())
        .setErrorMessage(string())
        .setErrorStack(string())
        .setPreviousId(maybe(this::string))
        .setRedacted(list(this::string))
        .build();
  }

  byte[] garbage(int maxLength) {
    byte[] bytes = new byte[random.nextInt(maxLength)];
    random.nextBytes(bytes);
    return bytes;
  }

  private ByteBuffer bytes() {
    return ByteBuffer.wrap(garbage(60));
  }

  private long aLong() {
    return random.nextBoolean() ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
  }

  private String string() {
    if (random.nextBoolean()) {
      return STRINGS[random.nextInt(STRINGS.length)];
    }
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
      boolean surrogate =
          codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
      text.appendCodePoint(surrogate ? 'x' : codePoint);
    }
    return text.toString();
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> List<T> list(Supplier<T> item) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      list.add(item.get());
    }
    return list;
  }
}
