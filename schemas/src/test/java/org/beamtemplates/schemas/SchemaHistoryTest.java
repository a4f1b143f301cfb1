package org.beamtemplates.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The checker itself: each kind of break is found and explained. */
class SchemaHistoryTest {

  private static final String ID = "{'name': 'id', 'type': 'string'}";
  private static final String COUNT = "{'name': 'count', 'type': 'int', 'default': 0}";

  @Test
  void acceptsFieldsWithDefaultsThatComeAndGo() {
    assertThat(problems(record(ID), record(ID, COUNT))).isEmpty();
    assertThat(problems(record(ID, COUNT), record(ID))).isEmpty();
  }

  @Test
  void refusesToDropAFieldThatOldReadersNeed() {
    assertThat(problems(record(ID, COUNT), record(COUNT)))
        .containsExactly(
            "Order: version 1.0.0 cannot read data of the current schema: field id: the writer does"
                + " not have this field and the reader has no default for it");
  }

  @Test
  void refusesANewFieldWithoutDefault() {
    assertThat(problems(record(ID), record(ID, "{'name': 'price', 'type': 'long'}")))
        .containsExactly(
            "Order: the current schema cannot read data of version 1.0.0: field price: the writer"
                + " does not have this field and the reader has no default for it");
  }

  @Test
  void refusesAnotherTypeInBothDirections() {
    assertThat(problems(record(ID, COUNT), record(ID, "{'name': 'count', 'type': 'string'}")))
        .containsExactly(
            "Order: the current schema cannot read data of version 1.0.0: field count: written as"
                + " int, read as string",
            "Order: version 1.0.0 cannot read data of the current schema: field count: written as"
                + " string, read as int");
  }

  @Test
  void refusesAWiderTypeThatOldReadersCannotRead() {
    assertThat(
            problems(
                record(ID, COUNT), record(ID, "{'name': 'count', 'type': 'long', 'default': 0}")))
        .containsExactly(
            "Order: version 1.0.0 cannot read data of the current schema: field count: written as"
                + " long, read as int");
  }

  @Test
  void refusesToMakeAFieldNullableBecauseOldReadersCannotReadNull() {
    assertThat(
            problems(
                record(ID, COUNT),
                record(ID, "{'name': 'count', 'type': ['null', 'int'], 'default': null}")))
        .singleElement()
        .asString()
        .contains("version 1.0.0 cannot read data of the current schema")
        .contains("field count")
        .contains("written as null, read as int");
  }

  @Test
  void namesTheFieldOfANestedRecord() {
    String lines = "{'name': 'lines', 'type': {'type': 'array', 'items': %s}}";
    String line = "{'type': 'record', 'name': 'Line', 'fields': [%s]}";

    assertThat(
            problems(
                record(lines.formatted(line.formatted(COUNT))),
                record(lines.formatted(line.formatted(COUNT + "," + ID)))))
        .containsExactly(
            "Order: the current schema cannot read data of version 1.0.0: field lines[].id: the"
                + " writer does not have this field and the reader has no default for it");
  }

  @Test
  void namesTheFieldWithinANullableRecord() {
    String address =
        "{'name': 'address', 'type': ['null', {'type': 'record', 'name': 'Address', 'fields':"
            + " [{'name': 'zip', 'type': '%s'}]}]}";

    assertThat(problems(record(address.formatted("int")), record(address.formatted("string"))))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).contains("field address"));
  }

  @Test
  void refusesSymbolsThatOldReadersDoNotKnow() {
    String state = "{'name': 'state', 'type': {'type': 'enum', 'name': 'State', 'symbols': [%s]}}";

    assertThat(
            problems(
                record(state.formatted("'OPEN'")), record(state.formatted("'OPEN', 'CLOSED'"))))
        .containsExactly(
            "Order: version 1.0.0 cannot read data of the current schema: field state: the reader"
                + " does not know the symbols [CLOSED] and has no default");
  }

  @Test
  void refusesToDeleteAReleasedSchema() {
    assertThat(SchemaHistory.problems(Map.of(), released("1.0.0", record(ID))))
        .containsExactly("Order: was released in 1.0.0 and must not be deleted");
  }

  @Test
  void looksBackFurtherThanTheLastVersion() {
    SortedMap<String, Map<String, Schema>> versions = released("1.0.0", record(ID, COUNT));
    versions.putAll(released("1.1.0", record(ID)));

    assertThat(
            SchemaHistory.problems(
                Map.of("Order", record(ID, "{'name': 'count', 'type': 'string', 'default': ''}")),
                versions))
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("1.0.0").contains("field count"));
  }

  @Test
  void findsWhatIsNotDocumented() {
    Schema schema =
        record(
            "{'name': 'id', 'type': 'string', 'doc': 'Unique.'}",
            "{'name': 'lines', 'doc': ' ', 'type': {'type': 'array', 'items':"
                + " {'type': 'record', 'name': 'Line', 'doc': 'A line.', 'fields': ["
                + COUNT
                + "]}}}");

    assertThat(SchemaHistory.undocumented(schema))
        .containsExactly("Order", "Order.lines", "Line.count");
  }

  private static List<String> problems(Schema old, Schema now) {
    return SchemaHistory.problems(Map.of("Order", now), released("1.0.0", old));
  }

  private static SortedMap<String, Map<String, Schema>> released(String version, Schema schema) {
    SortedMap<String, Map<String, Schema>> versions = new TreeMap<>();
    versions.put(version, Map.of("Order", schema));
    return versions;
  }

  private static Schema record(String... fields) {
    return new Schema.Parser()
        .parse(
            ("{'type': 'record', 'name': 'Order', 'fields': [" + String.join(",", fields) + "]}")
                .replace('\'', '"'));
  }
}
