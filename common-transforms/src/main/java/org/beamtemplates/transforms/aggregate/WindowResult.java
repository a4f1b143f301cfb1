package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * What is known of a key in a window at one moment: one pane.
 *
 * @param key the key
 * @param value the aggregate
 * @param windowStartMillis start of the window, inclusive, in milliseconds since the epoch; {@link
 *     Long#MIN_VALUE} if windows of this kind have none
 * @param windowEndMillis end of the window, exclusive, in milliseconds since the epoch
 * @param timing when the pane was made
 * @param revision number of the pane within its key and window, from 0; where panes accumulate, the
 *     highest is the one that counts; after a restart of the job, the last one written: numbers
 *     begin again where the checkpoint was
 * @param last whether it is known that no other pane of this key and window follows; false says
 *     nothing
 * @param <K> type of the key
 * @param <V> type of the aggregate
 */
public record WindowResult<K, V>(
    K key,
    V value,
    long windowStartMillis,
    long windowEndMillis,
    Timing timing,
    long revision,
    boolean last) {

  /** When a pane was made, as the watermark sees it. */
  public enum Timing implements Serializable {
    /** Before the watermark passed the end of the window: more is to come. */
    EARLY(0),
    /** When the watermark passed the end of the window, or at the end of bounded input. */
    ON_TIME(1),
    /** After that, within the allowed lateness: a correction. */
    LATE(2);

    private final int code;

    Timing(int code) {
      this.code = code;
    }
  }

  public WindowResult {
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    requireNonNull(timing, "timing");
  }

  /** A pane that others may follow. */
  public WindowResult(
      K key, V value, long windowStartMillis, long windowEndMillis, Timing timing, long revision) {
    this(key, value, windowStartMillis, windowEndMillis, timing, revision, false);
  }

  /** Returns the coder of results. */
  public static <K, V> Coder<WindowResult<K, V>> coder(Coder<K> keyCoder, Coder<V> valueCoder) {
    return new ResultCoder<>(keyCoder, valueCoder);
  }

  private static final class ResultCoder<K, V> extends StructuredCoder<WindowResult<K, V>> {

    private static final long serialVersionUID = 1L;
    private static final VarIntCoder INT = VarIntCoder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();
    private static final BooleanCoder BOOLEAN = BooleanCoder.of();
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    private final Coder<K> keyCoder;
    private final Coder<V> valueCoder;

    ResultCoder(Coder<K> keyCoder, Coder<V> valueCoder) {
      this.keyCoder = keyCoder;
      this.valueCoder = valueCoder;
    }

    @Override
    public void encode(WindowResult<K, V> result, OutputStream out) throws IOException {
      keyCoder.encode(result.key(), out);
      valueCoder.encode(result.value(), out);
      MILLIS.encode(result.windowStartMillis(), out);
      MILLIS.encode(result.windowEndMillis(), out);
      INT.encode(result.timing().code, out);
      LONG.encode(result.revision(), out);
      BOOLEAN.encode(result.last(), out);
    }

    @Override
    public WindowResult<K, V> decode(InputStream in) throws IOException {
      return new WindowResult<>(
          keyCoder.decode(in),
          valueCoder.decode(in),
          MILLIS.decode(in),
          MILLIS.decode(in),
          timing(INT.decode(in)),
          LONG.decode(in),
          BOOLEAN.decode(in));
    }

    private static Timing timing(int code) {
      return switch (code) {
        case 0 -> Timing.EARLY;
        case 1 -> Timing.ON_TIME;
        case 2 -> Timing.LATE;
        default -> throw new IllegalArgumentException("no timing has the code " + code);
      };
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(keyCoder, valueCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the key's coder must be deterministic", keyCoder);
      verifyDeterministic(this, "the value's coder must be deterministic", valueCoder);
    }

    @Override
    public boolean consistentWithEquals() {
      return keyCoder.consistentWithEquals() && valueCoder.consistentWithEquals();
    }

    @Override
    public Object structuralValue(WindowResult<K, V> result) {
      return new WindowResult<>(
          keyCoder.structuralValue(result.key()),
          valueCoder.structuralValue(result.value()),
          result.windowStartMillis(),
          result.windowEndMillis(),
          result.timing(),
          result.revision(),
          result.last());
    }
  }
}
