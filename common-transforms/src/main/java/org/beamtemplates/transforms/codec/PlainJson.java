package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

/** How the parsers and generators here are set up. */
final class PlainJson {

  static final int MAX_DEPTH = 100;

  private PlainJson() {}

  /**
   * Returns a new factory. Strings may be as long as the record is. Names are not interned, because
   * keys of maps are data; and names that collide slow the parser down, but fail nothing, because
   * the names of one record must not break the next.
   */
  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .build()
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
  }
}
