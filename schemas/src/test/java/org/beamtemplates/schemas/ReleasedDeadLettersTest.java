package org.beamtemplates.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

/**
 * Readers of dead letters rest on two things: all versions are there, and fields are only ever
 * appended.
 */
class ReleasedDeadLettersTest {

  @Test
  void everyReleasedVersionIsPackaged() {
    assertThat(ReleasedDeadLetters.schemas())
        .containsExactlyInAnyOrderElementsOf(
            SchemaFiles.released().values().stream()
                .map(schemas -> schemas.get("DeadLetter"))
                .toList());
  }

  /**
   * An older reader takes a newer dead letter for one of its own with something behind. So the
   * beginning has to stay as it was, the records within it included.
   */
  @Test
  void fieldsAreOnlyAppended() {
    List<String> current = fields(DeadLetter.getClassSchema());

    assertThat(ReleasedDeadLetters.schemas())
        .isNotEmpty()
        .allSatisfy(
            released -> {
              List<String> fields = fields(released);
              assertThat(current.subList(0, fields.size())).isEqualTo(fields);
            });
  }

  private static List<String> fields(Schema schema) {
    return schema.getFields().stream()
        .map(field -> field.name() + SchemaNormalization.toParsingForm(field.schema()))
        .toList();
  }
}
