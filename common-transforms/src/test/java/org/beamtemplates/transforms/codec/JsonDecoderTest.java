package org.beamtemplates.transforms.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.assertj.core.api.AbstractThrowableAssert;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDecoderTest {

  private static final String REQUIRED =
      "'aBoolean': true, 'anInt': 1, 'aLong': 2, 'aFloat': 1.5, 'aDouble': 2, 'aString': 's',"
          + " 'someBytes': 'AQI=', 'anEnum': 'HEARTS', 'aFixed': 'AQIDBA=='";

  private final Decoder<Everything> decoder = Decoders.json(Everything.class);

  @Test
  void fillsInTheDefaultsOfAbsentFields() throws Exception {
    Everything value = decode("{" + REQUIRED + "}");

    assertThat(value.getSomeBytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(value.getAnEnum()).isEqualTo(Suit.HEARTS);
    assertThat(value.getAFixed()).isEqualTo(new Four(new byte[] {1, 2, 3, 4}));
    assertThat(value.getADouble()).isEqualTo(2.0);
    assertThat(value.getMaybeString()).isNull();
    assertThat(value.getMaybeLong()).isEqualTo(7L);
    assertThat(value.getAStrictEnum()).isEqualTo(Side.LEFT);
    assertThat(value.getAnInstant()).isEqualTo(Instant.EPOCH);
    assertThat(value.getStrings()).containsExactly("x");
    assertThat(value.getCounts()).isEmpty();
  }

  @Test
  void recordsDoNotShareTheirDefaults() throws Exception {
    Everything first = decode("{" + REQUIRED + "}");
    first.getStrings().add("y");
    first.getCounts().put("k", 1L);

    Everything second = decode("{" + REQUIRED + "}");

    assertThat(second.getStrings()).containsExactly("x");
    assertThat(second.getCounts()).isEmpty();
  }

  @Test
  void readsNestedValuesInAnyOrder() throws Exception {
    Everything value =
        decode(
            "{'node': {'children': [{'label': 'leaf'}], 'weight': -1e3, 'label': 'root'},"
                + "'nodes': {'a': null, 'b': {}}, 'counts': {'x': 9223372036854775807},"
                + "'matrix': [[1, 2], []], 'maybeLong': null, 'anInstant': 1000,"
                + REQUIRED
                + "}");

    assertThat(value.getNode().getLabel()).isEqualTo("root");
    assertThat(value.getNode().getWeight()).isEqualTo(-1000.0);
    assertThat(value.getNode().getChildren().get(0).getLabel()).isEqualTo("leaf");
    assertThat(value.getNodes()).containsOnlyKeys("a", "b").containsEntry("a", null);
    assertThat(value.getCounts()).isEqualTo(Map.of("x", Long.MAX_VALUE));
    assertThat(value.getMatrix()).isEqualTo(List.of(List.of(1, 2), List.of()));
    assertThat(value.getMaybeLong()).isNull();
    assertThat(value.getAnInstant()).isEqualTo(Instant.ofEpochMilli(1000));
  }

  @Test
  void ignoresWhatTheSchemaDoesNotKnow() throws Exception {
    assertThat(decode("{'new': {'a': [1, {'b': null}]}, " + REQUIRED + ", 'x': 1}").getAnInt())
        .isEqualTo(1);
  }

  @Test
  void anUnknownSymbolBecomesTheDefaultOfItsEnum() throws Exception {
    assertThat(decode(with("'anEnum': 'CLUBS'")).getAnEnum()).isEqualTo(Suit.UNKNOWN);
  }

  @Test
  void skipsAByteOrderMark() throws Exception {
    assertThat(decode("\uFEFF{" + REQUIRED + "}").getAString()).isEqualTo("s");
  }

  @Test
  void readsNumbersThatAreNoNumbers() throws Exception {
    assertThat(decode(with("'aDouble': 'NaN'")).getADouble()).isNaN();
    assertThat(decode(with("'aFloat': '-Infinity'")).getAFloat())
        .isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'aBoolean': 1 | $.aBoolean: expected boolean, found number 1",
        "'aBoolean': 'true' | $.aBoolean: expected boolean, found string \"true\"",
        "'anInt': '1' | $.anInt: expected int, found string \"1\"",
        "'anInt': 1.0 | $.anInt: expected int, found number 1.0",
        "'anInt': 1e2 | $.anInt: expected int, found number 1e2",
        "'anInt': true | $.anInt: expected int, found boolean true",
        "'anInt': null | $.anInt: expected int, found null",
        "'anInt': {} | $.anInt: expected int, found an object",
        "'anInt': [1] | $.anInt: expected int, found an array",
        "'anInt': 2147483648 | $.anInt: the number does not fit into int: 2147483648",
        "'anInt': -2147483649 | $.anInt: the number does not fit into int: -2147483649",
        "'aLong': 9223372036854775808 | $.aLong: the number does not fit into long: 9223372036854775808",
        "'aFloat': 1e39 | $.aFloat: the number does not fit into float: 1e39",
        "'aFloat': 'x' | $.aFloat: expected float, found string \"x\"",
        "'aDouble': 1e999 | $.aDouble: the number does not fit into double: 1e999",
        "'aDouble': [] | $.aDouble: expected double, found an array",
        "'aString': 5 | $.aString: expected string, found number 5",
        "'maybeString': 5 | $.maybeString: expected string, found number 5",
        "'someBytes': '!' | $.someBytes: expected bytes as a Base64 string, found string \"!\"",
        "'aFixed': 'AQI=' | $.aFixed: expected 4 bytes, found 2",
        "'anEnum': 3 | $.anEnum: expected a symbol of Suit, found number 3",
        "'aStrictEnum': 'UP' | $.aStrictEnum: expected one of [LEFT, RIGHT], found string \"UP\"",
        "'strings': 'x' | $.strings: expected an array, found string \"x\"",
        "'strings': ['a', 1] | $.strings[1]: expected string, found number 1",
        "'matrix': [[], [0, {}]] | $.matrix[1][1]: expected int, found an object",
        "'counts': [] | $.counts: expected an object, found an array",
        "'counts': {'a b': ''} | $.counts['a b']: expected long, found string \"\"",
        "'counts': {'a': 1, 'a': 2} | $.counts.a: the name appears twice",
        "'nodes': {'n': {'children': [{}, 3]}} | $.nodes.n.children[1]: expected an object, found number 3",
        "'node': {'weight': false} | $.node.weight: expected double, found boolean false",
        "'anInt': 1, 'anInt': 2 | $.anInt: the name appears twice",
        "'node': {}, 'node': {} | $.node: the name appears twice",
      })
  void namesThePathWhatWasExpectedAndWhatWasFound(String field, String message) {
    assertRefused(with(field)).hasMessage(message);
  }

  @Test
  void namesTheFieldThatIsMissing() {
    assertThat(
            catchThrowableOfType(
                DecodeException.class,
                () -> Decoders.json(PageEvent.class).decode(record("{\"eventId\": \"e\"}"))))
        .hasMessage("$.userId: expected string, but the field is missing and has no default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"x\"", "null"})
  void refusesWhatIsNoObject(String json) {
    assertRefused(json).hasMessageStartingWith("$: expected an object, found ");
  }

  @Test
  void refusesNothing() {
    assertRefused("").hasMessage("An empty value is not a JSON object");
    assertRefused(" \n").hasMessage("An empty value is not a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{'a'", "{'a': 1", "{'anInt': 1", "{'strings': ['a'", "{'a': 'x"})
  void refusesTruncatedJson(String json) {
    assertRefused(json).hasMessageContaining("malformed JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'a': NaN}", "{a: 1}", "{'a': 01}", "{'a': 1,}", "<xml/>", "{'a' 1}"})
  void refusesWhatIsNotJson(String json) {
    assertRefused(json).hasMessageContaining("malformed JSON");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    assertThat(
            catchThrowableOfType(
                DecodeException.class,
                () ->
                    decoder.decode(
                        RawRecord.of(
                            Origin.none(),
                            new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'}))))
        .hasMessageContaining("malformed JSON");
  }

  @Test
  void refusesWhatFollowsTheObject() {
    assertRefused("{" + REQUIRED + "} {}").hasMessageStartingWith("Something follows");
    assertRefused("{" + REQUIRED + "} x").hasMessageContaining("malformed JSON");
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertRefused("{'unknown': " + "[".repeat(200) + "]".repeat(200) + "}")
        .hasMessageContaining("malformed JSON")
        .hasMessageContaining("100");
    assertRefused("{'node': " + "{'children': [".repeat(200))
        .hasMessageContaining("malformed JSON");
  }

  @Test
  void doesNotRepeatLongValues() {
    String secret = "4929".repeat(1000);

    assertRefused(with("'anInt': '" + secret + "'")).message().hasSizeLessThan(150);
    assertRefused(with("'anInt': 1" + secret.substring(0, 900))).message().hasSizeLessThan(150);
    assertRefused("{'x': a" + secret + "}").message().hasSizeLessThan(150);
  }

  @Test
  void longStringsArePayloadAndNotAnAttack() throws Exception {
    String text = "x".repeat(25_000_000);

    assertThat(decode(with("'maybeString': '" + text + "'")).getMaybeString()).isEqualTo(text);
  }

  @Test
  void refusesSchemasThatPlainJsonCannotExpress() {
    Schema union = new Schema.Parser().parse("[\"null\", \"int\", \"string\"]");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> NullableUnion.branch(union))
        .withMessageContaining("only unions of null and one type");
  }

  private static String with(String field) {
    String name = field.substring(0, field.indexOf(':'));
    String others =
        List.of(REQUIRED.split(", ")).stream()
            .filter(other -> !other.startsWith(name + ":"))
            .reduce((one, two) -> one + ", " + two)
            .orElseThrow();
    return "{" + others + ", " + field + "}";
  }

  private Everything decode(String json) throws DecodeException {
    return decoder.decode(record(json));
  }

  private AbstractThrowableAssert<?, DecodeException> assertRefused(String json) {
    DecodeException refused = catchThrowableOfType(DecodeException.class, () -> decode(json));
    assertThat(refused).isNotNull();
    assertThat(refused.schemaId()).isNull();
    return assertThat(refused);
  }

  private static RawRecord record(String json) {
    return RawRecord.of(Origin.none(), json.replace('\'', '"').getBytes(UTF_8));
  }
}
