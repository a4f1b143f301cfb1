package org.beamtemplates.transforms.deliver.jdbc;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterSink;
import org.beamtemplates.transforms.deadletter.PayloadOverflow;
import org.beamtemplates.transforms.retry.Patience;

/**
 * Writes dead letters to a table of a PostgreSQL database, to be asked with SQL: {@code SELECT
 * stage, error_class, count(*) FROM dead_letters GROUP BY 1, 2}.
 *
 * <p>A row a dead letter: what people ask for in columns of their own, times as {@code
 * timestamptz}, payload and key as {@code bytea}, headers as {@code jsonb} (values in Base64). The
 * table must be there: {@link #table} tells how to create it, and so does the error without it.
 *
 * <p><b>Guarantee.</b> Written at least once, and the id is the key: what is written again changes
 * nothing, so that the table has each dead letter once. That holds for what readers of the table
 * have added to a row, too.
 *
 * <p><b>Errors.</b> A database that is away is waited for as by {@link JdbcDelivery}. In texts
 * U+0000 and halves of surrogate pairs become U+FFFD; times outside of the years 1 to 9999 become
 * NULL. A payload larger than {@link #withMaxPayloadBytes} goes to a file if there is {@link
 * #withOverflowTo a place for it}, else the row is written without it and marked as not replayable.
 * A row that the database refuses nevertheless, as for a constraint of its own, is written without
 * payload, key and headers; if it is refused again, it is logged as an error and counted ({@code
 * deadletter/refused}).
 *
 * <p><b>Cost.</b> One statement for 500 dead letters, 8 MB, or the rest of a bundle. No shuffle and
 * no state.
 */
public final class JdbcDeadLetters implements DeadLetterSink {

  private static final int DEFAULT_MAX_PAYLOAD_BYTES = 16_000_000;

  /** An array of bytes in a statement has a gigabyte at most, and takes memory several times. */
  private static final int LARGEST_MAX_PAYLOAD_BYTES = 100_000_000;

  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);

  private final JdbcConnection database;
  private final JdbcTable<DeadLetter> table;
  private final int maxPayloadBytes;
  private final PayloadOverflow overflow;
  private final Patience patience;

  private JdbcDeadLetters(
      JdbcConnection database,
      JdbcTable<DeadLetter> table,
      int maxPayloadBytes,
      PayloadOverflow overflow,
      Patience patience) {
    this.database = requireNonNull(database, "database");
    this.table = table;
    this.maxPayloadBytes = maxPayloadBytes;
    this.overflow = overflow;
    this.patience = patience;
  }

  /**
   * Writes to a table.
   *
   * @param table {@code table} or {@code schema.table}
   * @throws IllegalArgumentException if {@link JdbcTable#nameProblem} finds a problem with the name
   */
  public static JdbcDeadLetters to(JdbcConnection database, String table) {
    return new JdbcDeadLetters(
        database,
        table(table),
        DEFAULT_MAX_PAYLOAD_BYTES,
        PayloadOverflow.none(),
        Patience.of(DEFAULT_PATIENCE));
  }

  /** Returns the table of that name: for its {@code CREATE TABLE}, and for {@link JdbcCheck}. */
  public static JdbcTable<DeadLetter> table(String name) {
    return DeadLetterTable.named(name);
  }

  /** Sets the largest payload in bytes that is written into a row. Default: 16 MB. */
  public JdbcDeadLetters withMaxPayloadBytes(int bytes) {
    if (bytes < 0 || bytes > LARGEST_MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "the largest payload in a row can be of 0 to %d bytes, not %d"
              .formatted(LARGEST_MAX_PAYLOAD_BYTES, bytes));
    }
    return new JdbcDeadLetters(database, table, bytes, overflow, patience);
  }

  /** Writes payloads that do not fit into files in this folder, named by the dead letter's id. */
  public JdbcDeadLetters withOverflowTo(String folder) {
    return new JdbcDeadLetters(
        database, table, maxPayloadBytes, PayloadOverflow.to(folder), patience);
  }

  /** How long a database that is away is waited for. Default: 10 minutes. */
  public JdbcDeadLetters withPatience(Duration limit) {
    return new JdbcDeadLetters(
        database, table, maxPayloadBytes, overflow, patience.withLimit(limit));
  }

  @Override
  public POutput write(PCollection<DeadLetter> deadLetters) {
    return deadLetters.apply(
        "InsertDeadLetters",
        ParDo.of(new InsertDeadLettersFn(database, table, maxPayloadBytes, overflow, patience)));
  }
}
