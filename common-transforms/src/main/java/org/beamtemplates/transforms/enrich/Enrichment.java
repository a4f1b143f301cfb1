package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.launch.Explained;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Joins every element with the entry of a table that has its key: a side input, given by the user
 * or made by {@link SlowTable}.
 *
 * <p>In: {@code PCollection<Ingested<T>>}, in any windows. Out: {@code PCollection<Ingested<R>>},
 * in the same windows, with unchanged timestamps, coordinates and watermarks.
 *
 * <pre>{@code
 * PCollection<Ingested<NamedSale>> named =
 *     sales.apply(
 *         "NameShops",
 *         Enrichment.of(
 *                 shopNames,
 *                 Sale::shop,
 *                 (Sale sale, Optional<String> name) -> new NamedSale(sale, name.orElseThrow()),
 *                 NamedSale.coder())
 *             .withMisses(MissPolicy.deadLetter())
 *             .withDeadLetters(deadLetters, Encoders.json(Sale.class)));
 * }</pre>
 *
 * <p>What becomes of an element whose key is not in the table is said by a {@link MissPolicy};
 * unless one is given, it is passed on, and {@code join} is given an empty Optional. Counted: in =
 * out + dead + filtered.
 *
 * <p>A bundle sees one version of the table. Guarantee under retry: an element that is processed
 * again may meet a newer version. Cost: no shuffle; the table in the memory of every worker.
 * Elements wait, in the state of the runner, until there is a table. Runner limits: where a runner
 * has no slowly changing side inputs for streams (Spark), the table must be bounded.
 *
 * @param <T> type of the values
 * @param <K> type of the keys
 * @param <V> type of the table's values
 * @param <R> type of the enriched values
 */
public final class Enrichment<T, K, V, R>
    extends PTransform<PCollection<Ingested<T>>, PCollection<Ingested<R>>> implements Explained {

  private static final long serialVersionUID = 1L;

  private static final String DEFAULT_STAGE = "enrich";

  private final PCollectionView<Map<K, V>> table;
  private final SerializableFunction<T, K> key;
  private final SerializableBiFunction<T, Optional<V>, R> join;
  private final Coder<R> coder;
  private final MissPolicy<V> misses;
  private final String stage;
  private final @Nullable Encoder<T> encoder;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private Enrichment(
      PCollectionView<Map<K, V>> table,
      SerializableFunction<T, K> key,
      SerializableBiFunction<T, Optional<V>, R> join,
      Coder<R> coder,
      MissPolicy<V> misses,
      String stage,
      @Nullable Encoder<T> encoder,
      @Nullable DeadLetters deadLetters) {
    this.table = requireNonNull(table, "table");
    this.key = requireNonNull(key, "key");
    this.join = requireNonNull(join, "join");
    this.coder = requireNonNull(coder, "coder");
    this.misses = requireNonNull(misses, "misses");
    this.stage = requireNonNull(stage, "stage");
    this.encoder = encoder;
    this.deadLetters = deadLetters;
  }

  /**
   * Joins with a table.
   *
   * @param table the table: {@link SlowTable}, or any view of a map
   * @param key takes the key from a value; must not throw
   * @param join makes the enriched value of a value and what the table has for it; must not throw
   * @param coder coder of the enriched values
   */
  public static <T, K, V, R> Enrichment<T, K, V, R> of(
      PCollectionView<Map<K, V>> table,
      SerializableFunction<T, K> key,
      SerializableBiFunction<T, Optional<V>, R> join,
      Coder<R> coder) {
    return new Enrichment<>(
        table, key, join, coder, MissPolicy.passOn(), DEFAULT_STAGE, null, null);
  }

  /** What becomes of an element whose key is not in the table. Default: it is passed on. */
  public Enrichment<T, K, V, R> withMisses(MissPolicy<V> policy) {
    return new Enrichment<>(table, key, join, coder, policy, stage, encoder, deadLetters);
  }

  /**
   * Where dead letters go, and how their payload is written: of elements that a function fails for,
   * and of misses with {@link MissPolicy#deadLetter()}. Without it, a function that fails fails the
   * bundle.
   */
  public Enrichment<T, K, V, R> withDeadLetters(DeadLetters handler, Encoder<T> payload) {
    return new Enrichment<>(table, key, join, coder, misses, stage, payload, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second enrichment in a
   * pipeline. Default: enrich.
   */
  public Enrichment<T, K, V, R> named(String stageName) {
    return new Enrichment<>(table, key, join, coder, misses, stageName, encoder, deadLetters);
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.computes(
        "looks values up in a side input: the whole table is in the memory of every worker, and"
            + " events wait in state until there is one");
  }

  @Override
  public PCollection<Ingested<R>> expand(PCollection<Ingested<T>> elements) {
    JoinStep<T, V, R> step = new JoinStep<>(join, misses, stage, deadLetters, encoder);
    return step.finish(
        elements.apply("Join", step.with(new EnrichFn<>(table, key, step)).withSideInputs(table)),
        coder);
  }
}
