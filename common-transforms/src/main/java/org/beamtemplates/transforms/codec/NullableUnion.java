package org.beamtemplates.transforms.codec;

import java.util.List;
import org.apache.avro.Schema;

/** The one kind of union that plain JSON can express without marking the branch. */
final class NullableUnion {

  private NullableUnion() {}

  /**
   * Returns the branch that is not null.
   *
   * @throws IllegalArgumentException if there is not exactly one
   */
  static Schema branch(Schema union) {
    List<Schema> branches =
        union.getTypes().stream().filter(branch -> branch.getType() != Schema.Type.NULL).toList();
    if (branches.size() != 1) {
      throw new IllegalArgumentException(
          "Plain JSON cannot tell the branches of the union "
              + union
              + " apart; only unions of null and one type are supported");
    }
    return branches.get(0);
  }
}
