package org.beamtemplates.transforms.deliver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.beamtemplates.transforms.codec.EncodeException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {

  @ParameterizedTest
  @CsvSource({
    "0 1 2, 2 1 0",
    "2 1 0, 2 1 0",
    "1 0 2, 2 1 0",
    "2 0 1, 2 1 0",
    "0 2 1, 2 1 0",
    "3 0 2 1, 3 2 1 0"
  })
  void ordersRevisionsOfAKeyFromTheHighestDown(String added, String expected)
      throws EncodeException {
    Batch<Sale> batch = new Batch<>(10);
    for (String revision : added.split(" ", -1)) {
      batch.add(row("a", Long.parseLong(revision)));
    }

    Row<Sale> row = batch.drain().get(0);

    assertThat(row.weight()).isEqualTo(added.split(" ", -1).length);
    assertThat(revisions(row)).isEqualTo(expected);
    assertThat(batch.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"b a c", "c b a", "a b c"})
  void writesKeysInOneOrderAndIsFullByValues(String ids) throws EncodeException {
    Batch<Sale> batch = new Batch<>(4);
    for (String id : ids.split(" ", -1)) {
      batch.add(row(id, 0));
    }
    assertThat(batch.isFull()).isFalse();
    batch.add(row("a", 1));
    assertThat(batch.isFull()).isTrue();

    assertThat(batch.drain()).extracting(row -> row.value().id()).containsExactly("a", "b", "c");
  }

  private static String revisions(Row<Sale> first) {
    List<String> revisions = new ArrayList<>();
    @Nullable Row<Sale> row = first;
    while (row != null) {
      revisions.add(Long.toString(row.revision()));
      row = row.superseded();
    }
    return String.join(" ", revisions);
  }

  private static Row<Sale> row(String id, long revision) throws EncodeException {
    return Row.of(
        Sale.table("sales"), Sale.of(id, 1, revision), Instant.EPOCH, GlobalWindow.INSTANCE);
  }
}
