package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData.InstanceSupplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads an object as a record. Fields in the order of the schema are found without a lookup. */
final class JsonRecordReader implements JsonReader {

  private record Field(Schema.Field field, JsonReader reader, @Nullable Object defaultValue) {}

  private final SpecificData model;
  private final Schema schema;
  private final InstanceSupplier instances;
  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Field> byName = new HashMap<>();

  JsonRecordReader(SpecificData model, Schema schema) {
    this.model = model;
    this.schema = schema;
    this.instances = model.getNewRecordSupplier(schema);
  }

  /** Adds the schema's next field. Records can contain themselves, so fields come afterwards. */
  void add(Schema.Field field, JsonReader reader) {
    Object defaultValue = field.hasDefaultValue() ? model.getDefaultValue(field) : null;
    Field added = new Field(field, reader, defaultValue);
    fields.add(added);
    byName.put(field.name(), added);
  }

  @Override
  public Object read(JsonParser parser) throws IOException, DecodeException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw JsonErrors.unexpected(parser, "an object");
    }
    @SuppressWarnings("nullness") // There is no old record to reuse.
    IndexedRecord record = (IndexedRecord) instances.newInstance(null, schema);
    boolean[] seen = new boolean[fields.size()];
    int next = 0;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Field found = find(next, parser.getCurrentName());
      parser.nextToken();
      if (found == null) {
        parser.skipChildren();
        continue;
      }
      int position = found.field().pos();
      if (seen[position]) {
        throw JsonErrors.at(parser, "the name appears twice");
      }
      seen[position] = true;
      record.put(position, found.reader().read(parser));
      next = position + 1;
    }
    fillIn(record, seen, parser);
    return record;
  }

  private @Nullable Field find(int next, String name) {
    if (next < fields.size()) {
      Field expected = fields.get(next);
      if (expected.field().name().equals(name)) {
        return expected;
      }
    }
    return byName.get(name);
  }

  private void fillIn(IndexedRecord record, boolean[] seen, JsonParser parser)
      throws DecodeException {
    for (int i = 0; i < seen.length; i++) {
      if (seen[i]) {
        continue;
      }
      Schema.Field field = fields.get(i).field();
      if (!field.hasDefaultValue()) {
        throw new DecodeException(
            JsonPath.of(parser)
                + "."
                + field.name()
                + ": expected "
                + field.schema().getType().getName()
                + ", but the field is missing and has no default");
      }
      record.put(i, model.deepCopy(field.schema(), fields.get(i).defaultValue()));
    }
  }
}
