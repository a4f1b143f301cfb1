package org.beamtemplates.pipelines.realtimeanalytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.kll.KllLongsSketch;
import org.apache.datasketches.memory.Memory;

/** Writes the sketches in their own compact formats, which stay readable across versions. */
final class PageAccumulatorCoder extends CustomCoder<PageAccumulator> {

  private static final long serialVersionUID = 1L;
  private static final VarLongCoder LONG = VarLongCoder.of();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final MapCoder<String, Long> REVENUE =
      MapCoder.of(StringUtf8Coder.of(), VarLongCoder.of());

  @Override
  public void encode(PageAccumulator accumulator, OutputStream out) throws IOException {
    LONG.encode(accumulator.events(), out);
    REVENUE.encode(accumulator.revenueMinor(), out);
    BYTES.encode(accumulator.users().toCompactByteArray(), out);
    BYTES.encode(accumulator.loadTimes().toByteArray(), out);
    BYTES.encode(accumulator.pages().toByteArray(new ArrayOfStringsSerDe()), out);
  }

  @Override
  public PageAccumulator decode(InputStream in) throws IOException {
    long events = LONG.decode(in);
    Map<String, Long> revenueMinor = new TreeMap<>(REVENUE.decode(in));
    Union users = new Union(PageAccumulator.USERS_LG_K);
    users.update(HllSketch.heapify(BYTES.decode(in)));
    KllLongsSketch loadTimes = KllLongsSketch.heapify(Memory.wrap(BYTES.decode(in)));
    ItemsSketch<String> pages =
        ItemsSketch.getInstance(Memory.wrap(BYTES.decode(in)), new ArrayOfStringsSerDe());
    return new PageAccumulator(events, revenueMinor, users, loadTimes, pages);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(
        this, "equal sketches that were filled in another order can differ in their bytes");
  }
}
