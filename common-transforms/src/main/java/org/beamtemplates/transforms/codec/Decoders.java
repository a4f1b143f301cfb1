package org.beamtemplates.transforms.codec;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/**
 * Decoders of classes that Avro has generated. The schema of the class is always the one that
 * records are read as; what they were written with may differ as Avro's schema resolution allows.
 *
 * <p>Whatever the bytes are, nothing but {@link DecodeException} comes out of a decoder because of
 * them: lengths are held against the size of the record before anything is allocated. Messages say
 * what is wrong and where, and repeat no more than about 80 characters of a value.
 */
public final class Decoders {

  private Decoders() {}

  /**
   * Records in Confluent's wire format. The reader of each schema id is made once and kept, so that
   * the registry is not asked again and records of mixed versions can follow each other. An id that
   * the registry does not know is an error of the record; a registry that is away is waited for, as
   * {@link SchemaRegistry} says.
   */
  public static <T extends SpecificRecord> Decoder<T> confluentAvro(
      Class<T> type, SchemaRegistry registry) {
    return new ConfluentAvroDecoder<>(
        new SpecificType<>(type), requireNonNull(registry, "registry"));
  }

  /**
   * JSON objects in UTF-8, one a record, held against the schema of the class. This is plain JSON,
   * not Avro's own JSON encoding, which marks the branch of every union.
   *
   * <ul>
   *   <li>Absent fields get the schema's default; without one they are an error. Fields that the
   *       schema does not know are ignored, whatever they hold.
   *   <li>Nothing is coerced: a number in quotes is no number, {@code 1.0} is no integer, null is
   *       only what a union with null allows. A number that does not fit is an error.
   *   <li>Bytes and fixed are Base64; enums their symbols; floats and doubles may also be the
   *       strings {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}. Logical types are what
   *       their underlying type is.
   *   <li>A name that appears twice, more than 100 levels, or anything behind the object is an
   *       error. A byte order mark is skipped.
   * </ul>
   *
   * @throws IllegalArgumentException if the schema has a union other than of null and one type
   */
  public static <T extends SpecificRecord> Decoder<T> json(Class<T> type) {
    return new JsonDecoder<>(new SpecificType<>(type));
  }

  /**
   * Records in Avro's single-object encoding, which need no registry.
   *
   * @param olderWriters other schemas that records may have been written with
   */
  public static <T extends SpecificRecord> Decoder<T> singleObjectAvro(
      Class<T> type, Schema... olderWriters) {
    return new SingleObjectAvroDecoder<>(new SpecificType<>(type), List.of(olderWriters), false);
  }

  /**
   * The same for a schema whose fields are only ever appended, at its top level: a record of an
   * unknown writer is taken for one of a later version, and what follows the fields of the class is
   * ignored. So today's readers can stay when a writer is upgraded. A record of something else is
   * an error only where it cannot be read as this.
   *
   * @param olderWriters earlier versions of the schema
   */
  public static <T extends SpecificRecord> Decoder<T> appendOnlyAvro(
      Class<T> type, List<Schema> olderWriters) {
    return new SingleObjectAvroDecoder<>(new SpecificType<>(type), olderWriters, true);
  }

  /** Avro bodies alone, all written with the same schema. */
  public static <T extends SpecificRecord> Decoder<T> avro(Class<T> type, Schema writer) {
    return new PlainAvroDecoder<>(new SpecificType<>(type), requireNonNull(writer, "writer"));
  }
}
