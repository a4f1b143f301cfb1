package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What must not be kept in dead letters: fields of the payload by their paths, the key, headers by
 * their names.
 *
 * <pre>{@code
 * DeadLetters.of("my-pipeline", "1.0", sink)
 *     .withRedaction(Redaction.paths("email", "card.number").andKey().andHeaders("authorization"));
 * }</pre>
 *
 * <p>A payload of JSON is written again with {@value #MASK} in place of the values at the paths;
 * arrays on the way are walked. A payload of another kind, or one that cannot be parsed, may hold
 * the field anywhere: it is left out whole. Then, or if an error's message repeats four characters
 * of a value that was taken out, the message and the stack are left out as well; the error's class
 * stays. What was taken out is listed in the envelope, which is not replayable any more. A dead
 * letter that holds nothing of the kind stays as it is.
 *
 * <p>It is done before any sink, so that no file of a large payload holds it either.
 */
public final class Redaction implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What stands in place of a value. */
  public static final String MASK = "***";

  private static final String WITHHELD = "(withheld: it may repeat what was redacted)";
  private static final String PAYLOAD = "payload";
  private static final String KEY = "key";
  private static final int TELLING = 4;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final ArrayList<String> paths;
  private final boolean key;
  private final ArrayList<String> headers;

  private Redaction(Collection<String> paths, boolean key, Collection<String> headers) {
    this.paths = new ArrayList<>(paths);
    this.key = key;
    this.headers = new ArrayList<>(headers);
  }

  /**
   * Takes fields out of payloads.
   *
   * @param paths names of fields, joined by dots, such as {@code card.number}
   */
  public static Redaction paths(String... paths) {
    return paths(List.of(paths));
  }

  /** Takes fields out of payloads. */
  public static Redaction paths(Collection<String> paths) {
    for (String path : paths) {
      if (path.isBlank() || path.startsWith(".") || path.endsWith(".") || path.contains("..")) {
        throw new IllegalArgumentException(
            "\"" + path + "\" is no path of a field; give one such as email or card.number");
      }
    }
    return new Redaction(paths, false, List.of());
  }

  /** Leaves out the record's key, too. */
  public Redaction andKey() {
    return new Redaction(paths, true, headers);
  }

  /** Masks the values of headers, too; upper and lower case are the same in their names. */
  public Redaction andHeaders(String... names) {
    List<String> more = new ArrayList<>(headers);
    for (String name : names) {
      more.add(requireNonNull(name).toLowerCase(Locale.ROOT));
    }
    return new Redaction(paths, key, more);
  }

  /** Returns the dead letter without what must not be kept: itself, if it holds none of it. */
  DeadLetter apply(DeadLetter letter) {
    Removal removal = new Removal(DeadLetter.newBuilder(letter).build());
    if (!paths.isEmpty() && letter.getPayload() != null) {
      redactPayload(letter, removal);
    }
    if (key && letter.getKey() != null) {
      removal.copy.setKey(null);
      removal.taken.add(KEY);
    }
    redactHeaders(letter, removal);
    if (removal.taken.isEmpty()) {
      return letter;
    }
    removal.copy.setReplayable(false);
    removal.copy.setRedacted(List.copyOf(removal.taken));
    if (removal.taken.contains(PAYLOAD) || removal.isRepeatedIn(letter)) {
      removal.copy.setErrorMessage(WITHHELD);
      removal.copy.setErrorStack("");
    }
    return removal.copy;
  }

  private void redactPayload(DeadLetter letter, Removal removal) {
    JsonNode json = parsed(letter);
    if (json == null) {
      removal.copy.setPayload(null);
      removal.taken.add(PAYLOAD);
      return;
    }
    boolean any = false;
    for (String path : paths) {
      if (redact(json, path.split("\\.", -1), 0, removal)) {
        removal.taken.add(path);
        any = true;
      }
    }
    if (any) {
      try {
        removal.copy.setPayload(ByteBuffer.wrap(MAPPER.writeValueAsBytes(json)));
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException("a parsed document can be written", e);
      }
    }
  }

  /** Returns null if the payload is no JSON: then nobody knows where in it a field is. */
  private static @Nullable JsonNode parsed(DeadLetter letter) {
    if (!letter.getContentType().contains("json")) {
      return null;
    }
    ByteBuffer payload = letter.getPayload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    try {
      JsonNode json = MAPPER.readTree(bytes);
      return json != null && json.isContainerNode() ? json : null;
    } catch (IOException | StackOverflowError e) {
      return null;
    }
  }

  private static boolean redact(JsonNode node, String[] path, int depth, Removal removal) {
    boolean any = false;
    if (node.isArray()) {
      for (JsonNode element : node) {
        any |= redact(element, path, depth, removal);
      }
    } else if (node instanceof ObjectNode object && object.has(path[depth])) {
      JsonNode value = object.get(path[depth]);
      if (depth + 1 < path.length) {
        any = redact(value, path, depth + 1, removal);
      } else if (!value.isNull()) {
        removal.remember(value);
        object.put(path[depth], MASK);
        any = true;
      }
    }
    return any;
  }

  private void redactHeaders(DeadLetter letter, Removal removal) {
    if (headers.isEmpty()) {
      return;
    }
    List<RecordHeader> kept = new ArrayList<>();
    for (RecordHeader header : letter.getHeaders()) {
      if (header.getValue() != null
          && headers.contains(header.getName().toLowerCase(Locale.ROOT))) {
        kept.add(new RecordHeader(header.getName(), ByteBuffer.wrap(MASK.getBytes(UTF_8))));
        removal.taken.add("header " + header.getName());
      } else {
        kept.add(header);
      }
    }
    removal.copy.setHeaders(kept);
  }

  /** A copy in the making, and what is missing from it. */
  private static final class Removal {

    private final DeadLetter copy;
    private final TreeSet<String> taken = new TreeSet<>();
    private final List<String> values = new ArrayList<>();

    Removal(DeadLetter copy) {
      this.copy = copy;
    }

    void remember(JsonNode value) {
      if (value.isContainerNode()) {
        value.forEach(this::remember);
      } else {
        values.add(value.asText().toLowerCase(Locale.ROOT));
      }
    }

    boolean isRepeatedIn(DeadLetter letter) {
      String told = (letter.getErrorMessage() + letter.getErrorStack()).toLowerCase(Locale.ROOT);
      return values.stream().anyMatch(value -> shares(told, value));
    }

    private static boolean shares(String told, String value) {
      if (value.length() <= TELLING) {
        return !value.isEmpty() && told.contains(value);
      }
      for (int start = 0; start + TELLING <= value.length(); start++) {
        if (told.contains(value.substring(start, start + TELLING))) {
          return true;
        }
      }
      return false;
    }
  }
}
