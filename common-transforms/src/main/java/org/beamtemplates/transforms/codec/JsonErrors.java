package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What is wrong with a document, and where. */
final class JsonErrors {

  private JsonErrors() {}

  /** The value that the parser stands on has another type. */
  static DecodeException unexpected(JsonParser parser, String expected) throws IOException {
    return at(parser, "expected " + expected + ", found " + found(parser));
  }

  /** The number that the parser stands on is too large or too small. */
  static DecodeException outOfRange(JsonParser parser, String type) throws IOException {
    return at(parser, "the number does not fit into " + type + ": " + text(parser));
  }

  /** An error at the value that the parser stands on. */
  static DecodeException at(JsonParser parser, String what) {
    return new DecodeException(JsonPath.of(parser) + ": " + what);
  }

  /** An error that the parser itself has found. */
  static DecodeException malformed(JsonParser parser, IOException e) {
    String message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return at(
        parser,
        "malformed JSON near byte "
            + parser.getCurrentLocation().getByteOffset()
            + ": "
            + Text.shorten(String.valueOf(message)));
  }

  private static String found(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case VALUE_STRING -> "string \"" + text(parser) + "\"";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number " + text(parser);
      case VALUE_TRUE, VALUE_FALSE -> "boolean " + token.asString();
      case VALUE_NULL -> "null";
      case START_ARRAY -> "an array";
      case START_OBJECT -> "an object";
      default -> token.toString();
    };
  }

  private static String text(JsonParser parser) throws IOException {
    return Text.shorten(parser.getText());
  }
}
