package org.beamtemplates.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Holds the schemas of this module against every version that was released. */
class ReleasedSchemasTest {

  @Test
  void everyVersionReadsWhatAnyOtherHasWritten() {
    assertThat(SchemaFiles.released()).isNotEmpty();
    assertThat(SchemaHistory.problems(SchemaFiles.current(), SchemaFiles.released())).isEmpty();
  }

  @Test
  void everyRecordAndFieldSaysWhatItMeans() {
    assertThat(SchemaFiles.current().values()).isNotEmpty();
    assertThat(SchemaFiles.current().values())
        .allSatisfy(schema -> assertThat(SchemaHistory.undocumented(schema)).isEmpty());
  }

  @Test
  void aSchemaHasTheNameOfItsFileAndThePackageOfItsClass() {
    assertThat(SchemaFiles.current())
        .allSatisfy(
            (name, schema) ->
                assertThat(schema.getFullName()).isEqualTo("org.beamtemplates.schemas." + name));
  }

  @Test
  void aDeadLetterCanBeMadeFromWhatEveryFailureKnows() {
    List<String> required =
        SchemaFiles.current().get("DeadLetter").getFields().stream()
            .filter(field -> !field.hasDefaultValue())
            .map(Schema.Field::name)
            .toList();

    assertThat(List.of("id", "category", "pipeline", "stage", "firstFailureMs", "lastFailureMs"))
        .containsAll(required);
  }
}
