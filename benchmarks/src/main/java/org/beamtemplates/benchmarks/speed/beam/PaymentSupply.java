package org.beamtemplates.benchmarks.speed.beam;

import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.transforms.ingest.MemoryIngestion;

/** Payments in memory. */
final class PaymentSupply implements MemoryIngestion.Supply {

  private static final long serialVersionUID = 1L;

  private final PaymentData.Keys keys;
  private final long records;

  PaymentSupply(PaymentData.Keys keys, long records) {
    this.keys = keys;
    this.records = records;
  }

  @Override
  public MemoryIngestion.Cursor from(long position) {
    PaymentData.Reader reader = PaymentData.of(keys, records).read();
    reader.seek(position);
    return new PaymentCursor(reader);
  }

  private static final class PaymentCursor implements MemoryIngestion.Cursor {

    private final PaymentData.Reader reader;
    private byte[] value = {};

    PaymentCursor(PaymentData.Reader reader) {
      this.reader = reader;
    }

    @Override
    public boolean advance() {
      if (!reader.hasNext()) {
        return false;
      }
      value = reader.next();
      return true;
    }

    @Override
    public byte[] value() {
      return value;
    }

    @Override
    public long timeMillis() {
      return reader.timeMillis();
    }

    @Override
    public long position() {
      return reader.position();
    }
  }
}
