package org.beamtemplates.benchmarks.speed.flink;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Puts charges of a card together, in the order in which they come. */
final class GatherBatches extends Gather<ChargeBatch> {

  private static final long serialVersionUID = 1L;

  private transient Map<String, Charges> charges;
  private transient ChargeBatch batch;

  @Override
  public void open() throws Exception {
    super.open();
    charges = new HashMap<>();
    batch = new ChargeBatch();
  }

  @Override
  void add(Charge charge) {
    charges.computeIfAbsent(charge.card, unused -> new Charges()).add(charge.cents, charge.time);
  }

  @Override
  void sendAll() {
    for (Map.Entry<String, Charges> entry : charges.entrySet()) {
      batch.card = entry.getKey();
      batch.charges = entry.getValue().values();
      send(batch);
    }
    charges.clear();
  }

  private static final class Charges {

    private long[] values = new long[2];
    private int size;

    void add(long cents, long time) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size] = cents;
      values[size + 1] = time;
      size += 2;
    }

    long[] values() {
      return size == values.length ? values : Arrays.copyOf(values, size);
    }
  }
}
