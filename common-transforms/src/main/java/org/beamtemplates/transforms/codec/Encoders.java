package org.beamtemplates.transforms.codec;

import static java.util.Objects.requireNonNull;

import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/**
 * Encoders of classes that Avro has generated; each has its counterpart in {@link Decoders}.
 *
 * <p>A value that breaks its own schema (null in a field that is never null) is an {@link
 * EncodeException}.
 */
public final class Encoders {

  private Encoders() {}

  /**
   * Confluent's wire format. The schema is registered under the subject with the first value of
   * each worker; registering again is harmless.
   *
   * <p>{@link Encoder#encode} then lets exceptions of {@link SchemaRegistry#register} pass: a
   * registry that stays away, and a schema that it refuses.
   *
   * @param subject where the registry keeps the versions of the schema: by convention the topic
   *     followed by {@code -value}
   */
  public static <T extends SpecificRecord> Encoder<T> confluentAvro(
      Class<T> type, SchemaRegistry registry, String subject) {
    if (subject.isBlank()) {
      throw new IllegalArgumentException("A subject needs a name");
    }
    return new ConfluentAvroEncoder<>(
        new SpecificType<>(type), requireNonNull(registry, "registry"), subject);
  }

  /**
   * Plain JSON as {@link Decoders#json} reads it: one object in one line, without a line break at
   * its end. Equal values give equal bytes: fields stand in the order of the schema, all of them,
   * keys of maps are sorted.
   *
   * @throws IllegalArgumentException if the schema has a union other than of null and one type
   */
  public static <T extends SpecificRecord> Encoder<T> json(Class<T> type) {
    return new JsonEncoder<>(new SpecificType<>(type));
  }

  /** Avro's single-object encoding: 10 bytes that identify the schema, and the body. */
  public static <T extends SpecificRecord> Encoder<T> singleObjectAvro(Class<T> type) {
    SpecificType<T> specific = new SpecificType<>(type);
    return new AvroEncoder<>(
        specific, SingleObjectFormat.header(specific.schema()), MediaTypes.SINGLE_OBJECT_AVRO);
  }

  /** The Avro body alone: whoever reads it has to know the schema of the class. */
  public static <T extends SpecificRecord> Encoder<T> avro(Class<T> type) {
    return new AvroEncoder<>(new SpecificType<>(type), new byte[0], MediaTypes.PLAIN_AVRO);
  }
}
