package org.beamtemplates.benchmarks.speed.beam;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.coders.CustomCoder;
import org.beamtemplates.benchmarks.speed.CardHistory;

/** A history in 176 bytes. */
final class CardHistoryCoder extends CustomCoder<CardHistory> {

  private static final long serialVersionUID = 1L;
  private static final int BYTES = Long.BYTES * (2 + 2 * CardHistory.LAST);

  @Override
  public void encode(CardHistory history, OutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(history.average()).putLong(history.count());
    for (long cents : history.cents()) {
      bytes.putLong(cents);
    }
    for (long time : history.times()) {
      bytes.putLong(time);
    }
    out.write(bytes.array());
  }

  @Override
  public CardHistory decode(InputStream in) throws IOException {
    byte[] array = new byte[BYTES];
    new DataInputStream(in).readFully(array);
    ByteBuffer bytes = ByteBuffer.wrap(array);
    long average = bytes.getLong();
    long count = bytes.getLong();
    return new CardHistory(average, count, longs(bytes), longs(bytes));
  }

  private static long[] longs(ByteBuffer bytes) {
    long[] values = new long[CardHistory.LAST];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.getLong();
    }
    return values;
  }

  @Override
  public void verifyDeterministic() {}
}
