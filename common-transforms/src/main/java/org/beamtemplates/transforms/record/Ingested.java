package org.beamtemplates.transforms.record;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A decoded value that still knows where it came from and how far its reader was.
 *
 * <p>The event time is the timestamp of the Beam element that holds it.
 *
 * @param value the decoded value
 * @param origin coordinates of the record it was decoded from
 * @param watermarkMillis watermark of the record's own reader just before the record was read, in
 *     milliseconds since the epoch: what lateness is decided against. {@link #NEVER_LATE} if there
 *     was none, as for files.
 * @param <T> type of the value
 */
public record Ingested<T>(T value, Origin origin, long watermarkMillis) {

  /** A watermark that nothing is behind. */
  public static final long NEVER_LATE = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  public Ingested {
    requireNonNull(value, "value");
    requireNonNull(origin, "origin");
  }

  /** A value that is not late, whatever its event time. */
  public static <T> Ingested<T> of(T value, Origin origin) {
    return new Ingested<>(value, origin, NEVER_LATE);
  }

  /** Returns another value with the same coordinates and watermark. */
  public <OtherT> Ingested<OtherT> with(OtherT other) {
    return new Ingested<>(other, origin, watermarkMillis);
  }

  /** Returns the coder of ingested values; deterministic if {@code valueCoder} is. */
  public static <T> Coder<Ingested<T>> coder(Coder<T> valueCoder) {
    return new IngestedCoder<>(valueCoder);
  }

  /**
   * Returns the coder of the values within ingested ones.
   *
   * @throws IllegalArgumentException if the coder was not made by {@link #coder}
   */
  public static <T> Coder<T> valueCoder(Coder<Ingested<T>> coder) {
    if (coder instanceof IngestedCoder<T> ingested) {
      return ingested.valueCoder;
    }
    throw new IllegalArgumentException("elements need the coder Ingested.coder(…), not " + coder);
  }

  /** Writes origin and watermark (about 20 bytes and the source's name) before the value. */
  private static final class IngestedCoder<T> extends StructuredCoder<Ingested<T>> {

    private static final long serialVersionUID = 1L;
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();
    private static final VarIntCoder INT = VarIntCoder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();

    // A bit of the first number, which only replays have: no other record pays for them.
    private static final int REPLAYED = 4;

    private final Coder<T> valueCoder;

    IngestedCoder(Coder<T> valueCoder) {
      this.valueCoder = valueCoder;
    }

    @Override
    public void encode(Ingested<T> element, OutputStream out) throws IOException {
      Origin origin = element.origin();
      @Nullable Replay replay = origin.replay();
      INT.encode(origin.type().code() | (replay == null ? 0 : REPLAYED), out);
      STRING.encode(origin.source(), out);
      INT.encode(origin.partition(), out);
      LONG.encode(origin.offset(), out);
      MILLIS.encode(element.watermarkMillis(), out);
      if (replay != null) {
        STRING.encode(replay.deadLetterId(), out);
        INT.encode(replay.attempt(), out);
        MILLIS.encode(replay.firstFailureMillis(), out);
      }
      valueCoder.encode(element.value(), out);
    }

    @Override
    public Ingested<T> decode(InputStream in) throws IOException {
      int code = INT.decode(in);
      Origin.Type type = Origin.Type.ofCode(code & ~REPLAYED);
      String source = STRING.decode(in);
      int partition = INT.decode(in);
      long offset = LONG.decode(in);
      long watermarkMillis = MILLIS.decode(in);
      @Nullable Replay replay =
          (code & REPLAYED) == 0
              ? null
              : new Replay(STRING.decode(in), INT.decode(in), MILLIS.decode(in));
      Origin origin = new Origin(type, source, partition, offset, replay);
      return new Ingested<>(valueCoder.decode(in), origin, watermarkMillis);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(valueCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the value's coder must be deterministic", valueCoder);
    }

    @Override
    public boolean consistentWithEquals() {
      return valueCoder.consistentWithEquals();
    }

    @Override
    public Object structuralValue(Ingested<T> element) {
      return element.with(valueCoder.structuralValue(element.value()));
    }
  }
}
