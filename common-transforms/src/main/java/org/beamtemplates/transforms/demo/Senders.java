package org.beamtemplates.transforms.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Utils;

/**
 * Who sends events, few of them very often: users, devices, shops. The name is the key of the
 * record, and the key names the partition as it does for every Kafka producer.
 */
public final class Senders {

  private final Weighted weights;
  private final String[] names;
  private final byte[][] keys;
  private final int[] partitions;

  private Senders(Weighted weights, String[] names, byte[][] keys, int[] partitions) {
    this.weights = weights;
    this.names = names;
    this.keys = keys;
    this.partitions = partitions;
  }

  /**
   * Senders whose shares follow Zipf's law.
   *
   * @param prefix begins each name; its number follows
   * @param exponent see {@link Weighted#zipf}
   * @param partitions partitions of the topic
   */
  public static Senders zipf(String prefix, int count, double exponent, int partitions) {
    String[] names = new String[count];
    byte[][] keys = new byte[count][];
    int[] partitionOf = new int[count];
    for (int i = 0; i < count; i++) {
      names[i] = prefix + i;
      keys[i] = names[i].getBytes(UTF_8);
      partitionOf[i] = Utils.toPositive(Utils.murmur2(keys[i])) % partitions;
    }
    return new Senders(Weighted.zipf(count, exponent), names, keys, partitionOf);
  }

  /** Returns how many there are. */
  public int count() {
    return names.length;
  }

  /** Returns the name of a sender. */
  public String name(int sender) {
    return names[sender];
  }

  int draw(RandomGenerator random) {
    return weights.draw(random);
  }

  byte[] key(int sender) {
    return keys[sender];
  }

  int partition(int sender) {
    return partitions[sender];
  }
}
