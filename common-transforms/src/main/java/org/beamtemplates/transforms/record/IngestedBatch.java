package org.beamtemplates.transforms.record;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Ingested values that go through a pipeline as one element, in their order, each with its event
 * time. What a runner does for each element between two steps, it does once for a batch.
 *
 * <p>The element that holds a batch has the least of their event times as its timestamp. It is
 * meant for the steps right behind the ingestion: it must not be windowed or grouped itself, as its
 * values can be in several windows. The aggregations and states of this library take batches apart
 * in their first step; a step in between takes one and gives one, by {@link #map}; {@link #each}
 * makes single elements of them.
 *
 * <p>Batches are never changed. Their size is the source's matter, and nothing follows from it.
 *
 * @param <T> type of the values
 */
public final class IngestedBatch<T> {

  private final List<Ingested<T>> elements;
  private final long[] millis;

  private IngestedBatch(List<Ingested<T>> elements, long[] millis) {
    this.elements = elements;
    this.millis = millis;
  }

  /**
   * Begins a batch.
   *
   * @param expected about how many elements it will have
   */
  public static <T> Builder<T> builder(int expected) {
    return new Builder<>(expected);
  }

  /** Returns the coder of batches. */
  public static <T> Coder<IngestedBatch<T>> coder(Coder<T> valueCoder) {
    return new BatchCoder<>(valueCoder);
  }

  /**
   * Returns the coder of the values within batches.
   *
   * @throws IllegalArgumentException if the coder was not made by {@link #coder}
   */
  public static <T> Coder<T> valueCoder(Coder<IngestedBatch<T>> coder) {
    if (coder instanceof BatchCoder<T> batches) {
      return batches.valueCoder;
    }
    throw new IllegalArgumentException(
        "batches need the coder IngestedBatch.coder(…), not " + coder);
  }

  /** Makes an element of each value of a batch, with its own timestamp. */
  public static <T> PTransform<PCollection<IngestedBatch<T>>, PCollection<Ingested<T>>> each() {
    return new Each<>();
  }

  /**
   * Makes batches of elements in the global window, of those that come in a bundle, for sources
   * that give single elements.
   */
  public static <T> PTransform<PCollection<Ingested<T>>, PCollection<IngestedBatch<T>>> gathered() {
    return new GatherAll<>();
  }

  /** Returns how many values there are; 1 at least. */
  public int size() {
    return millis.length;
  }

  /** Returns a value, by its place from 0. */
  public Ingested<T> element(int index) {
    return elements.get(index);
  }

  /** Returns the event time of a value, in milliseconds since the epoch. */
  public long millis(int index) {
    return millis[index];
  }

  /** Returns the least event time, in milliseconds since the epoch. */
  public long leastMillis() {
    long least = millis[0];
    for (long each : millis) {
      least = Math.min(least, each);
    }
    return least;
  }

  /**
   * Returns a batch of other values with the same coordinates and times.
   *
   * @param function gives null for a value that is to be left out; must not throw
   * @return null if nothing is left
   */
  public <OtherT> @Nullable IngestedBatch<OtherT> map(
      Function<? super T, ? extends @Nullable OtherT> function) {
    Builder<OtherT> others = builder(size());
    for (int i = 0; i < millis.length; i++) {
      Ingested<T> element = elements.get(i);
      OtherT other = function.apply(element.value());
      if (other != null) {
        others.add(element.with(other), millis[i]);
      }
    }
    return others.isEmpty() ? null : others.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IngestedBatch<?> batch
        && elements.equals(batch.elements)
        && Arrays.equals(millis, batch.millis);
  }

  @Override
  public int hashCode() {
    return 31 * elements.hashCode() + Arrays.hashCode(millis);
  }

  @Override
  public String toString() {
    return elements.toString();
  }

  /** Collects the values of a batch. */
  public static final class Builder<T> {

    private final List<Ingested<T>> elements;
    private long[] millis;

    private Builder(int expected) {
      this.elements = new ArrayList<>(expected);
      this.millis = new long[Math.max(1, expected)];
    }

    /** Adds a value behind the others. */
    public void add(Ingested<T> element, long eventTimeMillis) {
      int size = elements.size();
      if (size == millis.length) {
        millis = Arrays.copyOf(millis, 2 * size);
      }
      millis[size] = eventTimeMillis;
      elements.add(requireNonNull(element, "element"));
    }

    /** Returns how many were added. */
    public int size() {
      return elements.size();
    }

    /** Returns whether nothing was added. */
    public boolean isEmpty() {
      return elements.isEmpty();
    }

    /**
     * Returns the batch. Nothing may be added afterwards.
     *
     * @throws IllegalStateException if it is empty: such a batch has no time
     */
    public IngestedBatch<T> build() {
      if (elements.isEmpty()) {
        throw new IllegalStateException("a batch must not be empty");
      }
      int size = elements.size();
      return new IngestedBatch<>(
          elements, size == millis.length ? millis : Arrays.copyOf(millis, size));
    }
  }

  private static final class Each<T>
      extends PTransform<PCollection<IngestedBatch<T>>, PCollection<Ingested<T>>> {

    private static final long serialVersionUID = 1L;

    @Override
    public PCollection<Ingested<T>> expand(PCollection<IngestedBatch<T>> batches) {
      return batches
          .apply("Each", ParDo.of(new EachFn<T>()))
          .setCoder(Ingested.coder(valueCoder(batches.getCoder())));
    }
  }

  private static final class EachFn<T> extends DoFn<IngestedBatch<T>, Ingested<T>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element IngestedBatch<T> batch, OutputReceiver<Ingested<T>> output) {
      for (int i = 0; i < batch.size(); i++) {
        output.outputWithTimestamp(batch.element(i), Instant.ofEpochMilli(batch.millis(i)));
      }
    }
  }

  private static final class GatherAll<T>
      extends PTransform<PCollection<Ingested<T>>, PCollection<IngestedBatch<T>>> {

    private static final long serialVersionUID = 1L;

    @Override
    public PCollection<IngestedBatch<T>> expand(PCollection<Ingested<T>> elements) {
      return elements
          .apply("Gather", ParDo.of(new GatherFn<T>()))
          .setCoder(coder(Ingested.valueCoder(elements.getCoder())));
    }
  }

  private static final class GatherFn<T> extends DoFn<Ingested<T>, IngestedBatch<T>> {

    private static final long serialVersionUID = 1L;
    private static final int AT_MOST = 500;

    private transient @Nullable Builder<T> gathered;

    @StartBundle
    public void start() {
      gathered = builder(AT_MOST);
    }

    @ProcessElement
    public void process(
        @Element Ingested<T> element,
        @Timestamp Instant timestamp,
        OutputReceiver<IngestedBatch<T>> output) {
      gathered.add(element, timestamp.getMillis());
      if (gathered.size() == AT_MOST) {
        send(output::outputWithTimestamp);
      }
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      send((batch, timestamp) -> context.output(batch, timestamp, GlobalWindow.INSTANCE));
    }

    private void send(BiConsumer<IngestedBatch<T>, Instant> output) {
      if (!gathered.isEmpty()) {
        IngestedBatch<T> batch = gathered.build();
        gathered = builder(AT_MOST);
        output.accept(batch, Instant.ofEpochMilli(batch.leastMillis()));
      }
    }

    /** The element that fills a batch can be newer than others of it. */
    @Override
    @SuppressWarnings("deprecation") // Beam has nothing in its place
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }
  }

  private static final class BatchCoder<T> extends StructuredCoder<IngestedBatch<T>> {

    private static final long serialVersionUID = 1L;
    private static final VarIntCoder COUNT = VarIntCoder.of();
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    private final Coder<T> valueCoder;

    BatchCoder(Coder<T> valueCoder) {
      this.valueCoder = valueCoder;
    }

    @Override
    public void encode(IngestedBatch<T> batch, OutputStream out) throws IOException {
      IngestedWriter<T> writer = new IngestedWriter<>(valueCoder);
      for (int i = 0; i < batch.size(); i++) {
        writer.write(batch.element(i), batch.millis(i));
      }
      COUNT.encode(batch.size(), out);
      BYTES.encode(writer.take(), out);
    }

    @Override
    public IngestedBatch<T> decode(InputStream in) throws IOException {
      Builder<T> batch = builder(COUNT.decode(in));
      IngestedReader.read(BYTES.decode(in), valueCoder, batch::add);
      return batch.build();
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
  }
}
