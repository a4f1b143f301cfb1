package org.beamtemplates.transforms.deliver.jdbc;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deliver.DeliveryStage;
import org.beamtemplates.transforms.launch.Explained;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.retry.Patience;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes values to a table of a PostgreSQL database, inserting or updating by a deterministic key.
 *
 * <pre>{@code
 * JdbcTable<PageStatistics> table =
 *     JdbcTable.of(
 *         "views",
 *         List.of(
 *             Column.timestamp("minute", PageStatistics::getWindowStartMs),
 *             Column.text("country", PageStatistics::getCountry)),
 *         List.of(Column.bigint("views", PageStatistics::getEvents)),
 *         PageStatistics::getRevision);
 * statistics.apply(
 *     "Deliver",
 *     JdbcDelivery.to(
 *             JdbcConnection.to("jdbc:postgresql://localhost:5432/analytics")
 *                 .as("analytics")
 *                 .withPassword(SecretReference.of("env:DB_PASSWORD")),
 *             table,
 *             Encoders.json(PageStatistics.class))
 *         .withDeadLetters(deadLetters));
 * }</pre>
 *
 * <p>In: {@code PCollection<T>}, in any windows.
 *
 * <p><b>Guarantee.</b> Writes happen at least once, and writing again changes nothing: in its
 * effect on the table the delivery is exactly once. Each row carries a revision and a run, and a
 * row is replaced only by one whose (run, revision) is not lower. The revision orders the panes of
 * one window and key within a run of the job. The run is the time, in milliseconds since the epoch,
 * at which the pipeline was built; it travels with the graph, so all workers and all restarts from
 * checkpoints have the same. A job that is launched anew begins its revisions at 0 again, and still
 * replaces what an earlier launch has written, because its run is higher; a worker of that earlier
 * launch that comes to life again (a zombie) replaces nothing. This rests on the clocks of the
 * machines from which jobs are launched: a launch whose clock is behind that of the one before
 * writes rows that lose. A graph that is built once and launched several times has one run for all.
 *
 * <p>A new launch replaces whatever it writes to, complete rows included. One that does not begin
 * at the start of the data, and has no checkpoint, counts a window from what it reads alone: write
 * it to another table, or begin early enough.
 *
 * <p><b>Errors.</b> A value that the database refuses (SQLSTATE classes 21, 22, 23 and 44, values
 * too large for an index, an exception that a trigger raises without a state of its own), or that
 * has a character that it cannot store, becomes a dead letter of category DELIVER; everything else
 * of its batch is written. A database that is away, busy, shutting down, read-only, or that has
 * ended a deadlock, is waited for, with exponential backoff up to 10 s and a warning at once and
 * then every minute. Only after {@link #withPatience}, 10 minutes by default, an exception gives
 * the bundle back to the runner: most start it again, Beam's Direct runner ends the job. A table or
 * a column that is not there, or that may not be written, is an exception at once, with the
 * statement that creates the table.
 *
 * <p><b>Cost.</b> One statement, which is one transaction and one round trip, for 500 values or the
 * rest of a bundle; small bundles make small batches. A row that is refused costs some 18
 * statements more. One connection for each instance of the step, so about as many as the runner has
 * threads. No shuffle and no state.
 *
 * <p><b>Not Beam's JdbcIO.</b> It writes batches, but an error that is not a deadlock fails the
 * bundle with all its rows, again and again: there is no place for the row that is to blame. And it
 * leaves the order of rows with the same key to the statement.
 *
 * <p>Runs on every runner: it needs neither state nor stable input.
 *
 * @param <T> type of the values
 */
public final class JdbcDelivery<T> extends PTransform<PCollection<T>, PDone> implements Explained {

  private static final long serialVersionUID = 1L;

  private static final String DEFAULT_STAGE = "deliver";
  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);

  private final JdbcConnection database;
  private final JdbcTable<T> table;
  private final Encoder<T> encoder;
  private final String stage;
  private final Patience patience;
  private final Clock clock;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private JdbcDelivery(
      JdbcConnection database,
      JdbcTable<T> table,
      Encoder<T> encoder,
      String stage,
      Patience patience,
      Clock clock,
      @Nullable DeadLetters deadLetters) {
    this.database = requireNonNull(database, "database");
    this.table = requireNonNull(table, "table");
    this.encoder = requireNonNull(encoder, "encoder");
    this.stage = requireNonNull(stage, "stage");
    this.patience = requireNonNull(patience, "patience");
    this.clock = requireNonNull(clock, "clock");
    this.deadLetters = deadLetters;
  }

  /**
   * Writes to {@code table}, which must be there.
   *
   * @param encoder how values are kept in dead letters
   */
  public static <T> JdbcDelivery<T> to(
      JdbcConnection database, JdbcTable<T> table, Encoder<T> encoder) {
    return new JdbcDelivery<>(
        database,
        table,
        encoder,
        DEFAULT_STAGE,
        Patience.of(DEFAULT_PATIENCE),
        Clock.systemUTC(),
        null);
  }

  /** Where values go that can never be written. Required. */
  public JdbcDelivery<T> withDeadLetters(DeadLetters handler) {
    return new JdbcDelivery<>(database, table, encoder, stage, patience, clock, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second delivery in a
   * pipeline. Default: deliver.
   */
  public JdbcDelivery<T> named(String stageName) {
    return new JdbcDelivery<>(database, table, encoder, stageName, patience, clock, deadLetters);
  }

  /** How long a database that is away is waited for. Default: 10 minutes. */
  public JdbcDelivery<T> withPatience(Duration limit) {
    return new JdbcDelivery<>(
        database, table, encoder, stage, patience.withLimit(limit), clock, deadLetters);
  }

  /** Takes the time of the run from another clock. */
  public JdbcDelivery<T> withClock(Clock other) {
    return new JdbcDelivery<>(database, table, encoder, stage, patience, other, deadLetters);
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.writes(
        "a table, by upserts: after a failure rows are written again, which changes nothing; an"
            + " older result never replaces a newer one");
  }

  @Override
  public PDone expand(PCollection<T> values) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: values would be lost");
    PCollection<DeadLetter> dead =
        values.apply(
            "Write",
            ParDo.of(
                new UpsertFn<>(
                    database,
                    table,
                    clock.millis(),
                    patience,
                    DeliveryStage.of(encoder, handler.stage(stage)))));
    handler.add(stage, dead.setCoder(DeadLetterCoder.of()));
    return PDone.in(values.getPipeline());
  }
}
