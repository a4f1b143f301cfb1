package org.beamtemplates.benchmarks.speed;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * The payments that all engines read, always the same: a block of encoded payments again and again,
 * each time with later event times.
 *
 * <p>There are 10 000 in a second of event time, less than 2 s out of order. Behind the last one
 * comes an {@linkplain #isEnd end mark} for each partition, a day later, that closes all windows.
 */
public final class PaymentData {

  /**
   * How payments are spread over cards.
   *
   * @param count of cards, 2 to {@value #MAX_CARDS}
   * @param exponent of Zipf's law, by which they differ; 0 for cards that are alike
   * @param hottest share of the payments that the first card has, beside that law; 0 leaves it to
   *     the law
   */
  public record Keys(int count, double exponent, double hottest) implements Serializable {

    private static final int MAX_CARDS = 1_000_000;

    /** Some 100 000 cards by Zipf's law: the first has 8 % of all payments. */
    public static final Keys MANY = new Keys(100_000, 1.0, 0);

    /** 20 cards, alike. */
    public static final Keys HOT = alike(20);

    public Keys {
      if (count < 2 || count > MAX_CARDS) {
        throw new IllegalArgumentException(
            "%d cards, but there can be 2 to %d".formatted(count, MAX_CARDS));
      }
      if (!(exponent >= 0)) {
        throw new IllegalArgumentException(
            "the exponent is %s, but it must not be negative".formatted(exponent));
      }
      if (!(hottest >= 0 && hottest < 1)) {
        throw new IllegalArgumentException(
            "the hottest card's share is %s, but it must be 0 or more and less than 1"
                .formatted(hottest));
      }
    }

    /** Cards that all have the same share. */
    public static Keys alike(int count) {
      return new Keys(count, 0, 0);
    }

    /** The same, but one card has this share of all payments. */
    public Keys withHottest(double share) {
      return new Keys(count, exponent, share);
    }

    /**
     * Returns what {@link #toString} has written.
     *
     * @throws IllegalArgumentException if that is no such text
     */
    static Keys parse(String text) {
      String[] parts = text.split("-", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException(
            "'%s' is not <count>-<exponent>-<hottest>".formatted(text));
      }
      return new Keys(
          Integer.parseInt(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
    }

    /** Returns a text of letters, digits, points and hyphens, of no other keys. */
    @Override
    public String toString() {
      return count + "-" + exponent + "-" + hottest;
    }
  }

  /** Partitions of a topic of payments; all payments of a card are in the same. */
  public static final int PARTITIONS = 4;

  /** Where event time begins. */
  public static final long FIRST_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  private static final long SEED = 20_260_101;
  private static final int BLOCK = 1_000_000;
  private static final int PER_MILLI = 10;
  private static final int BLOCK_MILLIS = BLOCK / PER_MILLI;
  private static final int DISORDER_MILLIS = 2_000;
  private static final int TIME_BYTES = 6;
  private static final long END_MILLIS = 86_400_000;
  private static final char END = '~';

  private final byte[] bytes;
  private final int[] ends;
  private final int[] millis;
  private final byte[] partitions;
  private final long count;

  private PaymentData(byte[] bytes, int[] ends, int[] millis, byte[] partitions, long count) {
    this.bytes = bytes;
    this.ends = ends;
    this.millis = millis;
    this.partitions = partitions;
    this.count = count;
  }

  /** Returns how much event time so many payments take, in ms. */
  static long millisOf(long count) {
    return count / PER_MILLI;
  }

  /** Makes the first {@code count} payments, and the end marks behind them. */
  public static PaymentData of(Keys keys, long count) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] shares = shares(keys);
    PaymentCodec codec = new PaymentCodec();
    byte[] bytes = new byte[BLOCK * 80];
    int[] ends = new int[BLOCK];
    int[] millis = new int[BLOCK];
    byte[] partitions = new byte[BLOCK];
    int size = 0;
    for (int i = 0; i < BLOCK; i++) {
      int place = Arrays.binarySearch(shares, random.nextDouble());
      int card = Math.min(place < 0 ? -place - 1 : place, keys.count - 1);
      Payment payment = payment(card, random);
      byte[] encoded = codec.encode(payment);
      while (size + encoded.length > bytes.length) {
        bytes = Arrays.copyOf(bytes, bytes.length + BLOCK * 8);
      }
      System.arraycopy(encoded, 0, bytes, size, encoded.length);
      size += encoded.length;
      ends[i] = size;
      millis[i] = i / PER_MILLI + random.nextInt(DISORDER_MILLIS);
      partitions[i] = (byte) partition(payment.getCard());
    }
    return new PaymentData(bytes, ends, millis, partitions, count);
  }

  private static Payment payment(int card, SplittableRandom random) {
    return new Payment(
        FIRST_MILLIS,
        "card-%06d".formatted(card),
        50 + (long) Math.pow(10, 1 + 4 * random.nextDouble()),
        "merchant-" + random.nextInt(2_000),
        random.nextBoolean() ? "DE" : "FR",
        "terminal-" + random.nextInt(10_000, 100_000));
  }

  /** Returns what share of all payments the first cards have, for each number of cards. */
  private static double[] shares(Keys keys) {
    double[] sums = new double[keys.count];
    boolean hasHottest = keys.hottest > 0;
    double sum = 0;
    for (int i = hasHottest ? 1 : 0; i < keys.count; i++) {
      sum += 1 / Math.pow(i + 1, keys.exponent);
      sums[i] = sum;
    }
    for (int i = 0; i < keys.count; i++) {
      sums[i] = keys.hottest + (1 - keys.hottest) * (sums[i] / sum);
    }
    return sums;
  }

  /** Returns the partition of a card. */
  static int partition(String card) {
    return Math.floorMod((card.hashCode() * 0x9E3779B9) >>> 16, PARTITIONS);
  }

  /** Returns how many payments there are, without end marks. */
  public long count() {
    return count;
  }

  /** Returns whether a card is that of an end mark, which no result is made of. */
  public static boolean isEnd(String card) {
    return card.charAt(0) == END;
  }

  /** Returns an iterator over all payments and then the end marks. */
  public Reader read() {
    return new Reader();
  }

  /** Hands out one encoded payment after the other. For one thread. */
  public final class Reader {

    private final List<byte[]> endMarks = endMarks();
    private long next;
    private int inBlock;
    private long blockMillis = FIRST_MILLIS;
    private long time;
    private int partition;

    /** Goes on behind the first {@code position} records. */
    public void seek(long position) {
      next = position;
      inBlock = (int) (position % BLOCK);
      blockMillis = FIRST_MILLIS + position / BLOCK * BLOCK_MILLIS;
    }

    /** Returns how many records were read. */
    public long position() {
      return next;
    }

    /** Returns whether there is a record more, end marks included. */
    public boolean hasNext() {
      return next < count + PARTITIONS;
    }

    /** Returns the next record, in bytes that are nobody else's. */
    public byte[] next() {
      if (next >= count) {
        return nextEnd();
      }
      int i = inBlock;
      byte[] encoded = Arrays.copyOfRange(bytes, i == 0 ? 0 : ends[i - 1], ends[i]);
      time = blockMillis + millis[i];
      putTime(encoded, time);
      partition = partitions[i];
      next++;
      inBlock++;
      if (inBlock == BLOCK) {
        inBlock = 0;
        blockMillis += BLOCK_MILLIS;
      }
      return encoded;
    }

    private byte[] nextEnd() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      partition = (int) (next - count);
      time = endMillis();
      next++;
      return endMarks.get(partition).clone();
    }

    /** Returns the event time of the last record, in ms since the epoch. */
    public long timeMillis() {
      return time;
    }

    /** Returns the partition of the last record. */
    public int partition() {
      return partition;
    }
  }

  private long endMillis() {
    return FIRST_MILLIS + count / PER_MILLI + END_MILLIS;
  }

  private List<byte[]> endMarks() {
    PaymentCodec codec = new PaymentCodec();
    List<byte[]> marks = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      marks.add(codec.encode(new Payment(endMillis(), END + "end-" + i, 1L, "", "XX", "end-")));
    }
    return marks;
  }

  /** Writes a time as Avro does: zigzag, seven bits a byte, the lowest first. */
  private static void putTime(byte[] encoded, long millis) {
    long rest = millis << 1;
    for (int i = 0; i < TIME_BYTES - 1; i++) {
      encoded[i] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    encoded[TIME_BYTES - 1] = (byte) rest;
  }

  /** Returns the key of a payment in Kafka: its card. */
  static byte[] key(Payment payment) {
    return payment.getCard().getBytes(StandardCharsets.UTF_8);
  }
}
