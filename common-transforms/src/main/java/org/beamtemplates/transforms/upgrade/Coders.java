package org.beamtemplates.transforms.upgrade;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Coders as text that is the same in every JVM. */
final class Coders {

  private Coders() {}

  static String describe(@Nullable Coder<?> coder) {
    if (coder == null) {
      return "no coder";
    }
    String className = coder.getClass().getName();
    String name = className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
    if (coder instanceof AvroCoder<?> avro) {
      return name
          + "<"
          + avro.getType().getSimpleName()
          + "@"
          + fingerprint(avro.getSchema())
          + ">";
    }
    if (coder instanceof SerializableCoder<?> serializable) {
      return name + "<" + serializable.getRecordType().getSimpleName() + ">";
    }
    List<? extends Coder<?>> parts = coder.getCoderArguments();
    return parts == null || parts.isEmpty()
        ? name
        : name + parts.stream().map(Coders::describe).collect(joining(", ", "(", ")"));
  }

  /** Avro in state is read with the schema it was written with, or not at all. */
  private static String fingerprint(Schema schema) {
    return "%016x".formatted(SchemaNormalization.parsingFingerprint64(schema));
  }
}
