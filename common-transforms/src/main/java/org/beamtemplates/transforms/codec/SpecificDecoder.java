package org.beamtemplates.transforms.codec;

import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.TypeDescriptor;

/** What the decoders of generated classes have in common. */
abstract class SpecificDecoder<T extends SpecificRecord> implements Decoder<T> {

  private static final long serialVersionUID = 1L;

  private final SpecificType<T> type;

  SpecificDecoder(SpecificType<T> type) {
    this.type = type;
  }

  final SpecificType<T> specificType() {
    return type;
  }

  @Override
  public final TypeDescriptor<T> type() {
    return type.descriptor();
  }

  @Override
  public final Coder<T> coder() {
    return type.coder();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " of " + type.type().getSimpleName();
  }
}
