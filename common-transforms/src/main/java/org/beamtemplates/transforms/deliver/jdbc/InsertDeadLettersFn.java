package org.beamtemplates.transforms.deliver.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.deadletter.PayloadOverflow;
import org.beamtemplates.transforms.retry.Patience;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters in batches. Of one that is refused payload, key and headers are taken, and if
 * that does not help it is told to the log: nothing is written without end, and nothing is lost
 * without a word.
 */
final class InsertDeadLettersFn extends DoFn<DeadLetter, Void> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger("org.beamtemplates.deadletters");

  /** A batch is held in memory twice, and sent as one message. */
  private static final long BATCH_BYTES = 8_000_000;

  private final JdbcConnection database;
  private final JdbcTable<DeadLetter> table;
  private final int maxPayloadBytes;
  private final PayloadOverflow overflow;
  private final Patience patience;
  private final Counter written = Metrics.counter("deadletter", "written");
  private final Counter refused = Metrics.counter("deadletter", "refused");
  private transient @Nullable TableWriter<DeadLetter> writer;
  private transient @Nullable Batch<DeadLetter> batch;
  private transient long batchBytes;

  InsertDeadLettersFn(
      JdbcConnection database,
      JdbcTable<DeadLetter> table,
      int maxPayloadBytes,
      PayloadOverflow overflow,
      Patience patience) {
    this.database = database;
    this.table = table;
    this.maxPayloadBytes = maxPayloadBytes;
    this.overflow = overflow;
    this.patience = patience;
  }

  @Setup
  public void setup() {
    writer = new TableWriter<>(database, table, 0);
    batch = new Batch<>(UpsertFn.BATCH_SIZE);
  }

  @StartBundle
  public void startBundle() {
    // What a failed bundle has left comes again.
    clear();
  }

  @ProcessElement
  public void process(@Element DeadLetter letter) throws IOException {
    int payload = size(letter.getPayload());
    try {
      batch.add(row(payload > maxPayloadBytes ? overflow.withoutPayload(letter) : letter));
    } catch (EncodeException e) {
      giveUp(letter, e);
      return;
    }
    batchBytes += size(letter.getKey()) + (payload > maxPayloadBytes ? 0 : payload);
    if (batch.isFull() || batchBytes >= BATCH_BYTES) {
      flush();
    }
  }

  @FinishBundle
  public void finishBundle() throws IOException {
    if (!batch.isEmpty()) {
      flush();
    }
  }

  @Teardown
  public void teardown() {
    if (writer != null) {
      writer.close();
    }
  }

  /** Halves what is refused until single rows are left, so that all others are written. */
  private void flush() throws IOException {
    Deque<List<Row<DeadLetter>>> pending = new ArrayDeque<>();
    pending.push(batch.drain());
    batchBytes = 0;
    while (!pending.isEmpty()) {
      List<Row<DeadLetter>> rows = pending.pop();
      try {
        write(rows);
        written.inc(rows.size());
      } catch (RowsRefusedException e) {
        if (rows.size() > 1) {
          int middle = rows.size() / 2;
          pending.push(rows.subList(middle, rows.size()));
          pending.push(rows.subList(0, middle));
        } else {
          lighten(rows.get(0).value(), e, pending);
        }
      }
    }
  }

  /** Puts what may still be written of a refused dead letter to what is pending. */
  private void lighten(
      DeadLetter letter, RowsRefusedException reason, Deque<List<Row<DeadLetter>>> pending)
      throws IOException {
    if (letter.getPayload() == null && letter.getKey() == null && letter.getHeaders().isEmpty()) {
      giveUp(letter, reason);
      return;
    }
    DeadLetter lighter = overflow.withoutPayload(letter);
    lighter.setKey(null);
    lighter.setHeaders(List.of());
    lighter.setReplayable(false);
    try {
      pending.push(List.of(row(lighter)));
    } catch (EncodeException e) {
      giveUp(letter, e);
    }
  }

  private void giveUp(DeadLetter letter, Exception reason) {
    refused.inc();
    LOG.error(
        "{} {} in {} from {} partition {} offset {} is refused by table {} ({}): {}: {}",
        letter.getCategory(),
        letter.getId(),
        letter.getStage(),
        letter.getSource(),
        letter.getPartition(),
        letter.getOffset(),
        table.name(),
        reason.getMessage(),
        letter.getErrorClass(),
        letter.getErrorMessage());
  }

  private Row<DeadLetter> row(DeadLetter letter) throws EncodeException {
    return Row.of(table, letter, Instant.EPOCH, GlobalWindow.INSTANCE);
  }

  private void write(List<Row<DeadLetter>> rows) throws RowsRefusedException {
    patience.outlast(
        "Database " + database,
        (Patience.Attempt<Integer, RowsRefusedException>)
            () -> {
              writer.write(rows);
              return rows.size();
            });
  }

  private void clear() {
    batch.clear();
    batchBytes = 0;
  }

  private static int size(@Nullable ByteBuffer bytes) {
    return bytes == null ? 0 : bytes.remaining();
  }
}
