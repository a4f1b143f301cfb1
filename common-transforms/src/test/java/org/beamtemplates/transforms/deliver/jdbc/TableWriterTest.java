package org.beamtemplates.transforms.deliver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.PostgresExtension;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.retry.AwayException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class TableWriterTest {

  /** Everything that a column can be. */
  private record Everything(
      String id,
      @Nullable String text,
      @Nullable Long number,
      @Nullable Double real,
      @Nullable Boolean truth,
      @Nullable Long millis,
      @Nullable String json) {}

  private final LocalPostgres postgres;
  private final String name = "writes_" + UUID.randomUUID().toString().replace('-', '_');

  TableWriterTest(LocalPostgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void writesEveryTypeAndNull() throws Exception {
    JdbcTable<Everything> table =
        JdbcTable.of(
            name,
            List.of(Column.text("id", Everything::id)),
            List.of(
                Column.text("order", Everything::text),
                Column.bigint("number", Everything::number),
                Column.doublePrecision("real", Everything::real),
                Column.bool("truth", Everything::truth),
                Column.timestamp("at", Everything::millis),
                Column.json("json", Everything::json)),
            value -> 0L);
    postgres.execute(table.createTable());
    Everything full =
        new Everything(
            "full, {\"'\\} NULL",
            "NULL",
            Long.MIN_VALUE,
            -0.1,
            true,
            -1L,
            "{\"b\": [1, \"x\\\"y\"], \"a\": null}");
    Everything none = new Everything("none", null, null, null, null, null, null);

    try (TableWriter<Everything> writer = writer(table)) {
      writer.write(List.of(row(table, full), row(table, none)));
    }

    assertThat(
            rows(
                "SELECT id, \"order\", number, \"real\", truth, extract(epoch FROM at) * 1000, json"
                    + " FROM %s ORDER BY id"))
        .containsExactly(
            "full, {\"'\\} NULL|NULL|-9223372036854775808|-0.1|t|-1.000000|{\"a\": null, \"b\":"
                + " [1, \"x\\\"y\"]}",
            "none|null|null|null|null|null|null");
  }

  @Test
  void connectsAgainWhenTheServerHasEndedItsConnection() throws Exception {
    JdbcTable<Sale> table = create();
    try (TableWriter<Sale> writer = writer(table)) {
      writer.write(List.of(row(table, Sale.of("a", 1, 0))));
      postgres.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'beam-templates'");

      assertThatThrownBy(() -> writer.write(List.of(row(table, Sale.of("b", 1, 0)))))
          .isInstanceOf(AwayException.class);
      writer.write(List.of(row(table, Sale.of("b", 1, 0))));
    }

    assertThat(rows("SELECT id FROM %s ORDER BY id")).containsExactly("a", "b");
  }

  @Test
  void keepsItsConnectionWhenARowIsRefused() throws Exception {
    JdbcTable<Sale> table = create();
    try (TableWriter<Sale> writer = writer(table)) {
      assertThatThrownBy(
              () ->
                  writer.write(
                      List.of(row(table, Sale.of("a", 1, 0)), row(table, Sale.of("b", 2_000, 0)))))
          .isInstanceOf(RowsRefusedException.class);
      assertThat(rows("SELECT id FROM %s")).isEmpty();
      List<String> before = backends();

      writer.write(List.of(row(table, Sale.of("a", 1, 0))));

      assertThat(backends()).isEqualTo(before).isNotEmpty();
    }
    assertThat(rows("SELECT id FROM %s")).containsExactly("a");
  }

  @Test
  void writersOfTheSameKeysDoNotDeadlock() throws Exception {
    JdbcTable<Sale> table = create();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Void>> writers = new ArrayList<>();
      for (int seed = 0; seed < 3; seed++) {
        writers.add(threads.submit(writeShuffled(table, new Random(seed))));
      }
      for (Future<Void> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(rows("SELECT count(*) FROM %s")).containsExactly("300");
  }

  private Callable<Void> writeShuffled(JdbcTable<Sale> table, Random random) {
    return () -> {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        numbers.add(i);
      }
      try (TableWriter<Sale> writer = writer(table)) {
        for (int revision = 0; revision < 40; revision++) {
          Collections.shuffle(numbers, random);
          Batch<Sale> batch = new Batch<>(numbers.size());
          for (int number : numbers) {
            batch.add(row(table, Sale.of("sale-" + number, 1, revision)));
          }
          writer.write(batch.drain());
        }
      }
      return null;
    };
  }

  private JdbcTable<Sale> create() {
    postgres.execute(Sale.createTable(name));
    return Sale.table(name);
  }

  private <T> TableWriter<T> writer(JdbcTable<T> table) {
    return new TableWriter<>(
        JdbcConnection.to(postgres.jdbcUrl()).as(postgres.user()), table, 1_000);
  }

  private static <T> Row<T> row(JdbcTable<T> table, T value) throws EncodeException {
    return Row.of(table, value, Instant.EPOCH, GlobalWindow.INSTANCE);
  }

  private List<String> backends() throws Exception {
    return rows(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'beam-templates' ORDER BY pid");
  }

  private List<String> rows(String query) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query.formatted(name))) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> line = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          line.add(rows.getString(column));
        }
        lines.add(String.join("|", line));
      }
    }
    return lines;
  }
}
