package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificDatumWriter;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.ReleasedDeadLetters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Envelopes of this version, of earlier and of later ones, and bytes that are none. */
class DeadLetterCodecTest {

  @Tag("property")
  @Property
  void readsWhatItHasWritten(@ForAll long seed) throws IOException {
    DeadLetter letter = new RandomLetters(seed).next();

    byte[] bytes = DeadLetterCodec.encode(letter);

    assertThat(DeadLetterCodec.decode(bytes)).isEqualTo(letter);
    assertThat(DeadLetter.fromByteBuffer(ByteBuffer.wrap(bytes))).isEqualTo(letter);
  }

  @Tag("property")
  @Property
  void readsEveryReleasedVersion(@ForAll long seed) throws IOException {
    DeadLetter letter = new RandomLetters(seed).next();

    for (Schema released : ReleasedDeadLetters.schemas()) {
      DeadLetter read = DeadLetterCodec.decode(writtenWith(released, letter));

      DeadLetter expected = DeadLetter.newBuilder(letter).build();
      for (Schema.Field field : DeadLetter.getClassSchema().getFields()) {
        if (released.getField(field.name()) == null) {
          expected.put(field.pos(), letter.getSpecificData().getDefaultValue(field));
        }
      }
      assertThat(read).isEqualTo(expected);
    }
  }

  @Tag("property")
  @Property
  void readsOfALaterVersionWhatItKnows(@ForAll long seed) throws IOException {
    DeadLetter letter = new RandomLetters(seed).next();

    assertThat(DeadLetterCodec.decode(writtenWith(laterVersion(), letter))).isEqualTo(letter);
  }

  /** Nothing but the one exception comes out of it, whatever goes in. */
  @Tag("property")
  @Property
  void refusesGarbageBehindAnyHeader(@ForAll long seed) {
    RandomLetters random = new RandomLetters(seed);
    byte[] bytes = random.garbage(300);
    byte[] header = Arrays.copyOf(DeadLetterCodec.encode(random.next()), seed % 2 == 0 ? 10 : 2);
    byte[] headed = Arrays.copyOf(header, header.length + bytes.length);
    System.arraycopy(bytes, 0, headed, header.length, bytes.length);

    // So many fields do not come together by chance.
    for (byte[] garbage : List.of(bytes, headed)) {
      assertThatThrownBy(() -> DeadLetterCodec.decode(garbage))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("not a dead letter: ");
    }
  }

  @Tag("property")
  @Property
  void refusesEveryTruncation(@ForAll long seed) throws IOException {
    DeadLetter letter = new RandomLetters(seed).next();
    byte[] whole = DeadLetterCodec.encode(letter);
    byte[] later = writtenWith(laterVersion(), letter);

    for (int length = 0; length < whole.length; length++) {
      byte[] truncated = Arrays.copyOf(whole, length);
      byte[] truncatedLater = Arrays.copyOf(later, length);
      assertThatThrownBy(() -> DeadLetterCodec.decode(truncated))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> DeadLetterCodec.decode(truncatedLater))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  static List<Arguments> noLetters() {
    byte[] letter = DeadLetterCodec.encode(new RandomLetters(1).next());
    byte[] longer = Arrays.copyOf(letter, letter.length + 3);
    return List.of(
        Arguments.of(null, "No value"),
        Arguments.of(new byte[0], "begins with 10 bytes, found 0"),
        Arguments.of("hello, world".getBytes(UTF_8), "begins with 0x6865, not 0xC301"),
        Arguments.of(longer, "3 bytes are left over"));
  }

  @ParameterizedTest
  @MethodSource("noLetters")
  void saysWhyBytesAreNoDeadLetter(byte[] none, String message) {
    assertThatThrownBy(() -> DeadLetterCodec.decode(none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a dead letter: ")
        .hasMessageContaining(message);
  }

  @Test
  void leavesThePayloadAsItWas() {
    DeadLetter letter = new RandomLetters(1).next();
    letter.setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2).slice());

    byte[] first = DeadLetterCodec.encode(letter);

    assertThat(DeadLetterCodec.encode(letter)).isEqualTo(first);
    assertThat(DeadLetterCodec.decode(first).getPayload())
        .isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
  }

  /** As a process of that version would write it. */
  private static byte[] writtenWith(Schema schema, DeadLetter letter) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(body, null);
    new SpecificDatumWriter<>(DeadLetter.class).write(letter, encoder);
    encoder.flush();
    GenericData.Record other =
        new GenericDatumReader<GenericData.Record>(DeadLetter.getClassSchema(), schema)
            .read(null, DecoderFactory.get().binaryDecoder(body.toByteArray(), null));
    ByteBuffer bytes =
        new BinaryMessageEncoder<GenericData.Record>(GenericData.get(), schema).encode(other);
    byte[] written = new byte[bytes.remaining()];
    bytes.get(written);
    return written;
  }

  private static Schema laterVersion() {
    Schema now = DeadLetter.getClassSchema();
    Schema later = Schema.createRecord("DeadLetter", "", now.getNamespace(), false);
    List<Schema.Field> fields = new ArrayList<>();
    now.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    fields.add(
        new Schema.Field("owner", Schema.create(Schema.Type.STRING), "", "the team of the shop"));
    fields.add(new Schema.Field("weight", Schema.create(Schema.Type.DOUBLE), "", 1.5));
    later.setFields(fields);
    return later;
  }
}
