package org.beamtemplates.transforms.deliver.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.deliver.DeliveryStage;
import org.beamtemplates.transforms.retry.Patience;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Writes values in batches; out come dead letters of those that can never be written. */
final class UpsertFn<T> extends DoFn<T, DeadLetter> {

  private static final long serialVersionUID = 1L;

  /** More make a batch hardly cheaper, and what a bad row costs dearer. */
  static final int BATCH_SIZE = 500;

  private final JdbcConnection database;
  private final JdbcTable<T> table;
  private final long run;
  private final Patience patience;
  private final DeliveryStage<T> stage;
  private transient @Nullable TableWriter<T> writer;
  private transient @Nullable Batch<T> batch;

  UpsertFn(
      JdbcConnection database,
      JdbcTable<T> table,
      long run,
      Patience patience,
      DeliveryStage<T> stage) {
    this.database = database;
    this.table = table;
    this.run = run;
    this.patience = patience;
    this.stage = stage;
  }

  @Setup
  public void setup() {
    stage.open();
    writer = new TableWriter<>(database, table, run);
    batch = new Batch<>(BATCH_SIZE);
  }

  @StartBundle
  public void startBundle() {
    // What a failed bundle has left comes again.
    batch.clear();
  }

  @ProcessElement
  public void process(
      @Element T value,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      OutputReceiver<DeadLetter> dead) {
    stage.in();
    Row<T> row;
    try {
      row = Row.of(table, value, timestamp, window);
    } catch (EncodeException e) {
      dead.output(letter(value, timestamp, e));
      return;
    }
    batch.add(row);
    if (batch.isFull()) {
      // Dead letters go to the global window next, whatever element they come out with.
      flush((refused, letter) -> dead.output(letter));
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    if (!batch.isEmpty()) {
      flush((refused, letter) -> context.output(letter, refused.timestamp(), refused.window()));
    }
  }

  @Teardown
  public void teardown() {
    if (writer != null) {
      writer.close();
    }
  }

  /** Halves what is refused until single rows are left, so that all others are written. */
  private void flush(BiConsumer<Row<T>, DeadLetter> dead) {
    Deque<List<Row<T>>> pending = new ArrayDeque<>();
    pending.push(batch.drain());
    while (!pending.isEmpty()) {
      List<Row<T>> rows = pending.pop();
      try {
        write(rows);
        rows.forEach(this::count);
      } catch (RowsRefusedException e) {
        if (rows.size() > 1) {
          int middle = rows.size() / 2;
          pending.push(rows.subList(middle, rows.size()));
          pending.push(rows.subList(0, middle));
          continue;
        }
        Row<T> refused = rows.get(0);
        dead.accept(refused, letter(refused, e.reason()));
        if (refused.superseded() != null) {
          pending.push(List.of(refused.superseded()));
        }
      }
    }
  }

  private void write(List<Row<T>> rows) throws RowsRefusedException {
    patience.outlast(
        "Database " + database,
        (Patience.Attempt<Integer, RowsRefusedException>)
            () -> {
              writer.write(rows);
              return rows.size();
            });
  }

  private void count(Row<T> row) {
    for (int i = row.weight(); i > 0; i--) {
      stage.out();
    }
  }

  private DeadLetter letter(Row<T> refused, SQLException reason) {
    DeadLetter letter = letter(refused.value(), refused.timestamp(), reason);
    StringJoiner key = new StringJoiner(", ");
    for (int i = 0; i < refused.key().size(); i++) {
      key.add(table.keys().get(i).name() + "=" + refused.key().get(i));
    }
    letter.setKey(ByteBuffer.wrap(key.toString().getBytes(UTF_8)));
    return letter;
  }

  private DeadLetter letter(T value, Instant timestamp, Exception error) {
    byte[] payload = null;
    try {
      payload = stage.encode(value);
    } catch (EncodeException notReplayable) {
      error.addSuppressed(notReplayable);
    }
    return stage.dead(value, payload, timestamp, error);
  }
}
