package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.beamtemplates.schemas.PageEvent;

/** Two versions of the schema of page events, as two generations of producers have them. */
final class PageSchemas {

  /** Optional fields that older producers do not know. */
  private static final Set<String> NEWER_FIELDS = Set.of("sessionId", "device");

  private PageSchemas() {}

  /** Returns the versions, the older first. */
  static List<Schema> versions() {
    return List.of(older(), PageEvent.getClassSchema());
  }

  private static Schema older() {
    Schema newer = PageEvent.getClassSchema();
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : newer.getFields()) {
      if (!NEWER_FIELDS.contains(field.name())) {
        fields.add(new Schema.Field(field, field.schema()));
      }
    }
    return Schema.createRecord(
        newer.getName(), newer.getDoc(), newer.getNamespace(), false, fields);
  }
}
