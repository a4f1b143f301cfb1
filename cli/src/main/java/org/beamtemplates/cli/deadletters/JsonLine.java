package org.beamtemplates.cli.deadletters;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON objects in lines of ASCII, which are safe on a terminal, too. */
final class JsonLine {

  private static final JsonMapper JSON =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  private JsonLine() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static String of(ObjectNode object) {
    try {
      // DEL is ASCII, and no control character for JSON.
      return JSON.writeValueAsString(object).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can be written", e);
    }
  }
}
