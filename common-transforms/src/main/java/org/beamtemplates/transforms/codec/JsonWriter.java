package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes values of one schema. */
@FunctionalInterface
interface JsonWriter {

  /** Writes a value. A null that the schema does not allow is a {@link NullPointerException}. */
  void write(@Nullable Object value, JsonGenerator generator) throws IOException;
}
