package org.beamtemplates.transforms.deliver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcTableTest {

  @Test
  void tellsHowToCreateIt() {
    assertThat(Sale.table("shop.sales").createTable())
        .isEqualTo(
            """
            CREATE TABLE "shop"."sales" (
              "id" text NOT NULL,
              "note" text,
              "amount" bigint,
              "revision" bigint NOT NULL,
              "run" bigint NOT NULL,
              PRIMARY KEY ("id")
            );""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Sales",
        "1st",
        "a.b.c",
        "a.",
        "sales; DROP TABLE sales",
        "sa\"les",
        "a234567890123456789012345678901234567890123456789012345678901234"
      })
  void refusesNamesThatNeedThought(String name) {
    assertThat(JdbcTable.nameProblem(name)).isPresent();
    assertThatThrownBy(() -> Sale.table(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Column.text(name, Sale::id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name of a column");
  }

  @Test
  void refusesAColumnTwiceAndATableWithoutKey() {
    Column<Sale> run = Column.bigint("run", Sale::amount);
    Column<Sale> id = Column.text("id", Sale::id);

    assertThatThrownBy(() -> JdbcTable.of("sales", List.of(id), List.of(run), Sale::revision))
        .hasMessageContaining("run twice");
    assertThatThrownBy(() -> JdbcTable.of("sales", List.of(id), List.of(id), Sale::revision))
        .hasMessageContaining("id twice");
    assertThatThrownBy(() -> JdbcTable.of("sales", List.of(), List.of(id), Sale::revision))
        .hasMessageContaining("key");
  }
}
