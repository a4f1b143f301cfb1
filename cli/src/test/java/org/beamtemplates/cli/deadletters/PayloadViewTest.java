package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.beamtemplates.transforms.codec.MediaTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadViewTest {

  private static final Schema ORDER =
      SchemaBuilder.record("Order")
          .namespace("shop")
          .fields()
          .requiredString("item")
          .requiredDouble("price")
          .name("tags")
          .type()
          .array()
          .items()
          .stringType()
          .noDefault()
          .endRecord();

  private static final String SHOWN =
      "{\n  \"item\" : \"pen\",\n  \"price\" : \"NaN\",\n  \"tags\" : [ \"a\" ]\n}\n";

  @TempDir private Path folder;

  @Test
  void confluentAvroIsDecodedWithTheGivenSchema() throws IOException {
    byte[] payload = confluent(body());

    assertThat(view().of(payload, MediaTypes.CONFLUENT_AVRO))
        .isEqualTo("Decoded as shop.Order:\n" + SHOWN);
    assertThat(new PayloadView(Schemas.none(), false).of(payload, MediaTypes.CONFLUENT_AVRO))
        .startsWith("Not decoded: its schema has id 7: name the registry with --registryUrl")
        .contains("00000000  00 00 00 00 07 06 70 65  6e");
  }

  @Test
  void singleObjectsHaveToHaveTheFingerprintOfTheSchema() throws IOException {
    byte[] payload = singleObject(ORDER);

    assertThat(view().of(payload, MediaTypes.SINGLE_OBJECT_AVRO))
        .isEqualTo("Decoded as shop.Order:\n" + SHOWN);
    payload[3]++;
    assertThat(view().of(payload, MediaTypes.SINGLE_OBJECT_AVRO))
        .contains("Not decoded: its schema has the fingerprint", "that of --schema is");
  }

  @Test
  void aBodyAloneIsDecodedWithTheGivenSchema() throws IOException {
    assertThat(view().of(body(), MediaTypes.PLAIN_AVRO))
        .isEqualTo("Decoded as shop.Order:\n" + SHOWN);
  }

  @Test
  void bytesThatClaimGigabytesAllocateNothing() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeInt(2_000_000_000);
    encoder.flush();

    assertThat(view().of(confluent(out.toByteArray()), MediaTypes.CONFLUENT_AVRO))
        .startsWith("Not decoded: as shop.Order, it is truncated\n00000000 ");
  }

  @Test
  void whatIsCutOrHasMoreBehindItIsShownAsBytes() throws IOException {
    byte[] body = body();

    assertThat(view().of(Arrays.copyOf(body, body.length - 1), MediaTypes.PLAIN_AVRO))
        .startsWith("Not decoded: as shop.Order, it is truncated");
    assertThat(view().of(Arrays.copyOf(body, body.length + 2), MediaTypes.PLAIN_AVRO))
        .startsWith("Not decoded: as shop.Order, 2 bytes are left after the value");
    assertThat(view().of(new byte[] {1, 2}, MediaTypes.CONFLUENT_AVRO))
        .startsWith("Not decoded: Confluent's wire format begins with 0x00, this with 0x01");
    assertThat(view().of(new byte[0], MediaTypes.JSON)).isEqualTo("Not decoded: it is empty\n");
    assertThat(view().of("{".getBytes(UTF_8), MediaTypes.JSON))
        .startsWith("Not decoded: it is not JSON (");
    assertThat(view().of("x".getBytes(UTF_8), "image/png"))
        .startsWith("Not decoded: nothing here reads image/png\n00000000  78 ");
  }

  @Test
  void onlyTheFirst4KbAreDumpedUnlessAllAreAskedFor() throws IOException {
    byte[] payload = new byte[4_100];

    assertThat(view().of(payload, "image/png"))
        .hasLineCount(1 + 256 + 1)
        .endsWith("… 4 more bytes (--full shows all)\n");
    assertThat(new PayloadView(Schemas.none(), true).of(payload, "image/png"))
        .hasLineCount(1 + 257)
        .endsWith("00001000  00 00 00 00                                       |....|\n");
  }

  private PayloadView view() throws IOException {
    Path file = Files.writeString(folder.resolve("order.avsc"), ORDER.toString());
    return new PayloadView(Schemas.of(file, null), false);
  }

  private static GenericRecord order() {
    GenericRecord order = new GenericData.Record(ORDER);
    order.put("item", "pen");
    order.put("price", Double.NaN);
    order.put("tags", List.of("a"));
    return order;
  }

  private static byte[] body() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(ORDER).write(order(), encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] confluent(byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(7).put(body).array();
  }

  private static byte[] singleObject(Schema schema) throws IOException {
    ByteBuffer bytes =
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(order());
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return array;
  }
}
