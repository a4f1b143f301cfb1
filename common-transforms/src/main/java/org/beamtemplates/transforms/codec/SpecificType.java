package org.beamtemplates.transforms.codec;

import java.io.Serializable;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/** A class that Avro has generated, and what belongs to it. */
record SpecificType<T extends SpecificRecord>(Class<T> type) implements Serializable {

  SpecificType {
    if (type.isInterface()) {
      throw new IllegalArgumentException(
          type.getName() + " is not a class that was generated from an Avro schema");
    }
  }

  /** Returns the schema that the class was generated from. */
  Schema schema() {
    return SpecificData.get().getSchema(type);
  }

  /**
   * Returns Avro's view of the class, with the conversions of its logical types. It finds nested
   * classes where this class comes from, which need not be where Avro comes from.
   */
  SpecificData model() {
    SpecificData model = new SpecificData(type.getClassLoader());
    SpecificData.getForClass(type).getConversions().forEach(model::addLogicalTypeConversion);
    return model;
  }

  TypeDescriptor<T> descriptor() {
    return TypeDescriptor.of(type);
  }

  Coder<T> coder() {
    return AvroCoder.specific(type);
  }
}
