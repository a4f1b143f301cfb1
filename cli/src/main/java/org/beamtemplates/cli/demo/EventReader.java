package org.beamtemplates.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/** Reads events of a topic as the job does, and tells them as JSON. */
final class EventReader {

  /** One event. */
  private interface Reader {
    byte[] json(RawRecord raw) throws DecodeException, EncodeException;
  }

  private final Reader reader;

  private EventReader(Reader reader) {
    this.reader = reader;
  }

  /**
   * Returns a reader of records in the Confluent wire format.
   *
   * @param schemaJson schema of a class that Avro has generated
   */
  static EventReader of(String schemaJson, String registryUrl) {
    Schema schema = new Schema.Parser().parse(schemaJson);
    Class<?> type = SpecificData.get().getClass(schema);
    if (type == null) {
      throw new IllegalStateException("No class was generated for " + schema.getFullName());
    }
    return new EventReader(reader(type.asSubclass(SpecificRecord.class), registryUrl));
  }

  private static <T extends SpecificRecord> Reader reader(Class<T> type, String registryUrl) {
    Decoder<T> decoder = Decoders.confluentAvro(type, SchemaRegistry.at(registryUrl));
    Encoder<T> encoder = Encoders.json(type);
    decoder.open();
    encoder.open();
    return raw -> encoder.encode(decoder.decode(raw));
  }

  /** Returns the event in a line of JSON; empty if it cannot be decoded. */
  Optional<String> json(ConsumerRecord<byte[], byte[]> found) {
    RawRecord raw =
        RawRecord.of(Origin.kafka(found.topic(), found.partition(), found.offset()), found.value());
    try {
      return Optional.of(new String(reader.json(raw), UTF_8));
    } catch (DecodeException | EncodeException notAnEvent) {
      return Optional.empty();
    }
  }
}
