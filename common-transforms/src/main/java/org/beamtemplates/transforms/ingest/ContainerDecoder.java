package org.beamtemplates.transforms.ingest;

import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Names the type and the coder of what a container file holds; the file itself is decoded by {@link
 * AvroContainerFormat}, because records in it have no bounds of their own.
 */
final class ContainerDecoder<T extends SpecificRecord> implements Decoder<T> {

  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  ContainerDecoder(Class<T> type) {
    this.type = type;
  }

  @Override
  public T decode(RawRecord raw) {
    throw new UnsupportedOperationException("records of container files come decoded");
  }

  @Override
  public TypeDescriptor<T> type() {
    return TypeDescriptor.of(type);
  }

  @Override
  public Coder<T> coder() {
    return AvroCoder.of(type);
  }

  @Override
  public String contentType() {
    return "avro/binary";
  }
}
