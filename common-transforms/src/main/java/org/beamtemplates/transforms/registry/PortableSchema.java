package org.beamtemplates.transforms.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;

/** A schema as other languages want to see it. */
final class PortableSchema {

  private static final String JAVA_STRING = "avro.java.string";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PortableSchema() {}

  /**
   * Returns the schema without the property that tells Java's code generator which class a string
   * becomes. With it, the same schema from another language would be another version.
   */
  static String json(Schema schema) {
    try {
      JsonNode json = MAPPER.readTree(schema.toString());
      json.findParents(JAVA_STRING).forEach(node -> ((ObjectNode) node).remove(JAVA_STRING));
      return new Schema.Parser().parse(json.toString()).toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro wrote a schema that is not JSON", e);
    }
  }
}
