package org.beamtemplates.transforms.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.assertj.core.api.AbstractThrowableAssert;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.FakeSchemaRegistry;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfluentAvroDecoderTest {

  /** A producer that knows less than PageEvent, and more. */
  private static final Schema OLDER =
      schema(
          "{'name': 'userId', 'type': 'string'}, {'name': 'eventId', 'type': 'string'},"
              + "{'name': 'page', 'type': 'string'}, {'name': 'eventTimeMs', 'type': 'int'},"
              + "{'name': 'tags', 'type': {'type': 'array', 'items': 'string'}},"
              + "{'name': 'extra', 'type': {'type': 'map', 'values': 'bytes'}}");

  private FakeSchemaRegistry fake;
  private Decoder<PageEvent> decoder;

  @BeforeEach
  void start() {
    fake = FakeSchemaRegistry.start();
    decoder = Decoders.confluentAvro(PageEvent.class, SchemaRegistry.at(fake.url()));
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Test
  void readsMixedVersionsOfWritersWithOneLookupEach() throws Exception {
    int older = fake.add(OLDER);
    int current = fake.add(PageEvent.getClassSchema());
    byte[] oldRecord = confluent(older, body(older()));
    byte[] newRecord = confluent(current, body(event("/new").getSchema(), event("/new")));

    for (int i = 0; i < 100; i++) {
      PageEvent fromOld = decode(oldRecord);
      assertThat(fromOld.getEventId()).isEqualTo("e-1");
      assertThat(fromOld.getEventTimeMs()).isEqualTo(42);
      assertThat(fromOld.getCountry()).isEqualTo("ZZ");
      assertThat(decode(newRecord)).isEqualTo(event("/new"));
    }

    assertThat(fake.requests()).hasSize(2);
  }

  @Test
  void saysWhatIsWrongWithTheHeader() {
    assertRefused(null).hasMessageContaining("tombstone");
    assertRefused(new byte[0]).hasMessageStartingWith("An empty value");
    assertRefused(new byte[] {'{', '"'})
        .hasMessage("Not in Confluent's wire format: the first byte is 0x7B, not 0x00");
    assertRefused(new byte[] {(byte) 0xC3, 1})
        .hasMessage("Not in Confluent's wire format: the first byte is 0xC3, not 0x00");
    assertRefused(new byte[] {0, 0, 0, 1})
        .hasMessage("Truncated header: Confluent's wire format begins with 5 bytes, found 4");
  }

  @Test
  void namesAnUnknownSchemaAndKeepsItsId() {
    DecodeException refused = refused(confluent(0x01020304, new byte[3]));

    assertThat(refused).hasMessage("Unknown schema: schema id 16909060 is not in the registry");
    assertThat(refused.schemaId()).isEqualTo(0x01020304);
    assertThat(refused(new byte[] {1}).schemaId()).isNull();
  }

  @Test
  void saysWhereATruncatedBodyEnds() throws Exception {
    int id = fake.add(OLDER);
    byte[] body = body(older());

    DecodeException refused = refused(confluent(id, Arrays.copyOf(body, 2)));

    assertThat(refused)
        .hasMessage(
            "Not an Avro body of PageEvent: at byte 1 of the body, truncated: a string takes 3"
                + " bytes, 1 are left");
    assertThat(refused.schemaId()).isEqualTo(id);
  }

  @Test
  void refusesBytesThatAreLeftOver() throws Exception {
    int id = fake.add(OLDER);
    byte[] body = body(older());

    assertRefused(confluent(id, Arrays.copyOf(body, body.length + 2)))
        .hasMessage("Not an Avro body of PageEvent: 2 bytes are left over after " + body.length);
  }

  @Test
  void explainsOnceAndForAllWhyAWritersSchemaDoesNotFit() {
    int id =
        fake.add(
            schema("{'name': 'eventId', 'type': 'long'}, {'name': 'userId', 'type': 'string'}"));

    for (int i = 0; i < 3; i++) {
      DecodeException refused = refused(confluent(id, new byte[0]));
      assertThat(refused)
          .hasMessage(
              "The writer's schema 1, org.example.PageEvent, cannot be read as PageEvent: field"
                  + " eventId: written as long, read as string; field page: the writer does not"
                  + " have this field and the reader has no default for it; field eventTimeMs: the"
                  + " writer does not have this field and the reader has no default for it");
      assertThat(refused.schemaId()).isEqualTo(id);
    }
    assertThat(fake.requests()).hasSize(1);
  }

  @Test
  void lengthsThatLieCostNoMemory() {
    int id = fake.add(OLDER);
    byte[] twoGigabytes = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    byte[] negative = {1};

    assertRefused(confluent(id, twoGigabytes))
        .hasMessageContaining("a string takes 2147483647 bytes, 0 are left");
    assertRefused(confluent(id, negative))
        .hasMessageContaining("the length of a string is negative: -1");
  }

  @Test
  void aBodyThatNestsForEverIsRefused() {
    Decoder<Node> nodes = Decoders.avro(Node.class, Node.getClassSchema());
    byte[] deep = new byte[6_000_000];
    for (int i = 0; i < deep.length; i += 3) {
      deep[i + 2] = 2; // an empty label, no weight, one child
    }

    assertThat(
            catchThrowableOfType(
                DecodeException.class, () -> nodes.decode(RawRecord.of(Origin.none(), deep))))
        .hasMessage("Not an Avro body of Node: it is nested too deeply");
  }

  @Test
  void aGoodRecordAfterABadOneIsReadRight() throws Exception {
    int id = fake.add(OLDER);
    byte[] good = confluent(id, body(older()));

    for (int length = 5; length < good.length; length++) {
      refused(Arrays.copyOf(good, length));
      assertThat(decode(good).getPage()).isEqualTo("/a");
    }
  }

  @Test
  void readsRecordsOfTheOtherFormatsWithTheSchemaOfTheirWriter() throws Exception {
    byte[] body = body(older());
    assertThat(Decoders.avro(PageEvent.class, OLDER).decode(record(body)).getUserId())
        .isEqualTo("u-1");

    ByteArrayOutputStream single = new ByteArrayOutputStream();
    single.writeBytes(SingleObjectFormat.header(OLDER));
    single.writeBytes(body);
    assertThat(
            Decoders.singleObjectAvro(PageEvent.class, OLDER)
                .decode(record(single.toByteArray()))
                .getUserId())
        .isEqualTo("u-1");
    assertThat(
            catchThrowableOfType(
                DecodeException.class,
                () ->
                    Decoders.singleObjectAvro(PageEvent.class)
                        .decode(record(single.toByteArray()))))
        .hasMessageStartingWith(
            "Unknown schema: no known version of PageEvent has the fingerprint");
  }

  private AbstractThrowableAssert<?, DecodeException> assertRefused(byte[] value) {
    return assertThat(refused(value));
  }

  private DecodeException refused(byte[] value) {
    DecodeException refused = catchThrowableOfType(DecodeException.class, () -> decode(value));
    assertThat(refused).isNotNull();
    return refused;
  }

  private PageEvent decode(byte[] value) throws DecodeException {
    return decoder.decode(record(value));
  }

  private static RawRecord record(byte[] value) {
    return RawRecord.of(Origin.none(), value);
  }

  private static byte[] confluent(int id, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ConfluentWireFormat.header(id));
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static PageEvent event(String page) {
    return PageEvent.newBuilder()
        .setEventId("e-2")
        .setUserId("u-2")
        .setPage(page)
        .setEventTimeMs(43)
        .build();
  }

  private static GenericRecord older() {
    GenericRecord older = new GenericData.Record(OLDER);
    older.put("userId", "u-1");
    older.put("eventId", "e-1");
    older.put("page", "/a");
    older.put("eventTimeMs", 42);
    older.put("tags", List.of("x", "y"));
    older.put("extra", Map.of("k", ByteBuffer.wrap(new byte[] {1, 2})));
    return older;
  }

  private static byte[] body(GenericRecord record) throws Exception {
    return body(record.getSchema(), record);
  }

  private static byte[] body(Schema schema, Object record) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<Object>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static Schema schema(String fields) {
    return new Schema.Parser()
        .parse(
            ("{'type': 'record', 'name': 'PageEvent', 'namespace': 'org.example', 'fields': ["
                    + fields
                    + "]}")
                .replace('\'', '"'));
  }
}
