package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.util.regex.Pattern;

/** Where in a document a parser or a generator stands, such as {@code $.items[3].name}. */
final class JsonPath {

  private static final Pattern SIMPLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int SHOWN_LEVELS = 10;

  private JsonPath() {}

  /** Returns the path of the value that begins or ends with the parser's token. */
  static String of(JsonParser parser) {
    JsonStreamContext context = parser.getParsingContext();
    JsonToken token = parser.currentToken();
    boolean within = token != null && token.isStructStart();
    return of(within ? context.getParent() : context);
  }

  /** Returns the path of the value that the context is at. */
  static String of(JsonStreamContext context) {
    StringBuilder path = new StringBuilder();
    JsonStreamContext current = context;
    for (int level = 0; current != null && !current.inRoot(); level++) {
      if (level == SHOWN_LEVELS) {
        return "$…" + path;
      }
      path.insert(0, step(current));
      current = current.getParent();
    }
    return "$" + path;
  }

  private static String step(JsonStreamContext context) {
    if (context.inArray()) {
      return "[" + context.getCurrentIndex() + "]";
    }
    String name = context.getCurrentName();
    if (name == null) {
      return "";
    }
    return SIMPLE_NAME.matcher(name).matches()
        ? "." + Text.shorten(name)
        : "['" + Text.shorten(name) + "']";
  }
}
