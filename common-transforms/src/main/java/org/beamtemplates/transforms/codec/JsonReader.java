package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads a value of one schema. */
@FunctionalInterface
interface JsonReader {

  /** Reads the value whose first token the parser stands on, and stops at its last. */
  @Nullable Object read(JsonParser parser) throws IOException, DecodeException;
}
