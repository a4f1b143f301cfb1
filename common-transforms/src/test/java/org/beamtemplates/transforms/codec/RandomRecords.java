package org.beamtemplates.transforms.codec;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Random records from a seed: with extremes, with text from all of Unicode, nested. */
final class RandomRecords {

  private static final long[] LONGS = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53};
  private static final int[] INTS = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE};
  private static final double[] DOUBLES = {
    0, -0.0, Double.MAX_VALUE, Double.MIN_VALUE, Double.NaN, Double.NEGATIVE_INFINITY, 0.1
  };
  private static final float[] FLOATS = {
    0, -0.0f, Float.MAX_VALUE, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY, 0.1f
  };
  private static final String[] STRINGS = {
    "", "\u0000", "\"\\/\n\r\t\u2028", "é", "漢字", "😀", "\uFEFF", "NaN", "null"
  };

  private final Random random;

  RandomRecords(long seed) {
    this.random = new Random(seed);
  }

  Everything everything() {
    return Everything.newBuilder()
        .setABoolean(random.nextBoolean())
        .setAnInt(anInt())
        .setALong(aLong())
        .setAFloat(aFloat())
        .setADouble(aDouble())
        .setAString(string())
        .setSomeBytes(bytes())
        .setAnEnum(one(List.of(Suit.values())))
        .setAStrictEnum(one(List.of(Side.values())))
        .setAFixed(fixed())
        .setMaybeString(maybe(this::string))
        .setMaybeLong(maybe(this::aLong))
        .setAnInstant(Instant.ofEpochMilli(random.nextLong() >> 16))
        .setStrings(list(this::string))
        .setMatrix(list(() -> list(this::anInt)))
        .setCounts(map(this::aLong))
        .setNodes(map(() -> maybe(() -> node(3))))
        .setNode(maybe(() -> node(5)))
        .build();
  }

  byte[] garbage(int maxLength) {
    byte[] bytes = new byte[random.nextInt(maxLength)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Returns a copy of the bytes that was cut, changed or made longer. */
  byte[] damaged(byte[] original) {
    byte[] bytes = original.clone();
    switch (random.nextInt(3)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
      default -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
    }
    return bytes;
  }

  private Node node(int depth) {
    return Node.newBuilder()
        .setLabel(string())
        .setWeight(maybe(this::aDouble))
        .setChildren(depth == 0 ? List.of() : list(() -> node(depth - 1)))
        .build();
  }

  private int anInt() {
    return random.nextBoolean() ? random.nextInt() : INTS[random.nextInt(INTS.length)];
  }

  private long aLong() {
    return random.nextBoolean() ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
  }

  private double aDouble() {
    return random.nextBoolean()
        ? Double.longBitsToDouble(random.nextLong())
        : DOUBLES[random.nextInt(DOUBLES.length)];
  }

  private float aFloat() {
    return random.nextBoolean()
        ? Float.intBitsToFloat(random.nextInt())
        : FLOATS[random.nextInt(FLOATS.length)];
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

  private ByteBuffer bytes() {
    return ByteBuffer.wrap(garbage(40));
  }

  private Four fixed() {
    byte[] bytes = new byte[4];
    random.nextBytes(bytes);
    return new Four(bytes);
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private <T> T maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> List<T> list(Supplier<T> item) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      list.add(item.get());
    }
    return list;
  }

  private <T> Map<String, T> map(Supplier<T> value) {
    Map<String, T> map = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(string(), value.get());
    }
    return map;
  }
}
