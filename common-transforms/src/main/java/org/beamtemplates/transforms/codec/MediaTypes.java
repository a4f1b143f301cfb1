package org.beamtemplates.transforms.codec;

/** Media types of what the codecs here read and write, as they stand in dead letters. */
public final class MediaTypes {

  /** Plain JSON in UTF-8: one object. */
  public static final String JSON = "application/json";

  /** Confluent's wire format: a zero byte, the id of the writer's schema, the Avro body. */
  public static final String CONFLUENT_AVRO = "application/vnd.confluent.avro";

  /** Avro's single-object encoding: C3 01, the fingerprint of the writer's schema, the body. */
  public static final String SINGLE_OBJECT_AVRO = "application/vnd.apache.avro.single-object";

  /** An Avro body alone; the reader has to know the writer's schema. */
  public static final String PLAIN_AVRO = "application/vnd.apache.avro.body";

  private MediaTypes() {}
}
