package org.beamtemplates.transforms.deliver.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.util.List;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What these tests write: the table takes amounts up to 1000. */
record Sale(String id, @Nullable String note, long amount, long revision) implements Serializable {

  static Sale of(String id, long amount, long revision) {
    return new Sale(id, null, amount, revision);
  }

  static JdbcTable<Sale> table(String name) {
    return JdbcTable.of(
        name,
        List.of(Column.text("id", Sale::id)),
        List.of(Column.text("note", Sale::note), Column.bigint("amount", Sale::amount)),
        Sale::revision);
  }

  static String createTable(String name) {
    return table(name).createTable()
        + "ALTER TABLE "
        + name
        + " ADD CONSTRAINT affordable CHECK (amount <= 1000);";
  }

  /** How a sale is kept in a dead letter. */
  static final class SaleEncoder implements Encoder<Sale> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(Sale sale) throws EncodeException {
      if (sale.id().equals("secret")) {
        throw new EncodeException("not for letters");
      }
      return (sale.id() + ":" + sale.amount()).getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
