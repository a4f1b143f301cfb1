package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Readers of values that are neither arrays nor objects. They coerce nothing. */
final class JsonScalars {

  private JsonScalars() {}

  static boolean readBoolean(JsonParser parser) throws IOException, DecodeException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw JsonErrors.unexpected(parser, "boolean");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  static int readInt(JsonParser parser) throws IOException, DecodeException {
    require(parser, JsonToken.VALUE_NUMBER_INT, "int");
    if (parser.getNumberType() != NumberType.INT) {
      throw JsonErrors.outOfRange(parser, "int");
    }
    return parser.getIntValue();
  }

  static long readLong(JsonParser parser) throws IOException, DecodeException {
    require(parser, JsonToken.VALUE_NUMBER_INT, "long");
    if (parser.getNumberType() == NumberType.BIG_INTEGER) {
      throw JsonErrors.outOfRange(parser, "long");
    }
    return parser.getLongValue();
  }

  static float readFloat(JsonParser parser) throws IOException, DecodeException {
    if (!parser.currentToken().isNumeric()) {
      return (float) notFinite(parser, "float");
    }
    // By way of a double some numbers would be rounded twice.
    float value = Float.parseFloat(parser.getText());
    if (Float.isInfinite(value)) {
      throw JsonErrors.outOfRange(parser, "float");
    }
    return value;
  }

  static double readDouble(JsonParser parser) throws IOException, DecodeException {
    if (!parser.currentToken().isNumeric()) {
      return notFinite(parser, "double");
    }
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw JsonErrors.outOfRange(parser, "double");
    }
    return value;
  }

  static String readString(JsonParser parser) throws IOException, DecodeException {
    require(parser, JsonToken.VALUE_STRING, "string");
    return parser.getText();
  }

  static byte[] readBytes(JsonParser parser) throws IOException, DecodeException {
    require(parser, JsonToken.VALUE_STRING, "bytes as a Base64 string");
    try {
      return Base64.getDecoder().decode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw JsonErrors.unexpected(parser, "bytes as a Base64 string");
    }
  }

  static @Nullable Object readNull(JsonParser parser) throws IOException, DecodeException {
    require(parser, JsonToken.VALUE_NULL, "null");
    return null;
  }

  private static double notFinite(JsonParser parser, String type)
      throws IOException, DecodeException {
    String text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw JsonErrors.unexpected(parser, type);
    };
  }

  private static void require(JsonParser parser, JsonToken token, String expected)
      throws IOException, DecodeException {
    if (parser.currentToken() != token) {
      throw JsonErrors.unexpected(parser, expected);
    }
  }
}
