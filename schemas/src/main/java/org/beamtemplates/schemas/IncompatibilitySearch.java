package org.beamtemplates.schemas;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Walks two schemas side by side, down to the fields that do not fit. */
final class IncompatibilitySearch {

  private final Set<Incompatibility> found = new LinkedHashSet<>();
  private final Set<Schema> path = Collections.newSetFromMap(new IdentityHashMap<>());

  private IncompatibilitySearch() {}

  static List<Incompatibility> between(Schema reader, Schema writer) {
    IncompatibilitySearch search = new IncompatibilitySearch();
    search.compare("", reader, writer);
    return List.copyOf(search.found);
  }

  private void compare(String field, Schema reader, Schema writer) {
    if (compatible(reader, writer)) {
      return;
    }
    if (writer.isUnion()) {
      writer.getTypes().forEach(branch -> compare(field, reader, branch));
    } else if (reader.isUnion()) {
      compareWithUnion(field, reader, writer);
    } else if (reader.getType() == writer.getType()) {
      compareSameType(field, reader, writer);
    } else {
      add(field, "written as " + name(writer) + ", read as " + name(reader));
    }
  }

  private void compareWithUnion(String field, Schema reader, Schema writer) {
    reader.getTypes().stream()
        .filter(branch -> branch.getType() == writer.getType())
        .findFirst()
        .ifPresentOrElse(
            branch -> compareSameType(field, branch, writer),
            () ->
                add(
                    field,
                    "written as " + name(writer) + ", which the reader's union does not allow"));
  }

  private void compareSameType(String field, Schema reader, Schema writer) {
    switch (reader.getType()) {
      case RECORD -> compareRecords(field, reader, writer);
      case ARRAY -> compare(field + "[]", reader.getElementType(), writer.getElementType());
      case MAP -> compare(field + "{}", reader.getValueType(), writer.getValueType());
      case ENUM -> compareEnums(field, reader, writer);
      case FIXED -> {
        requireSameName(field, reader, writer);
        if (reader.getFixedSize() != writer.getFixedSize()) {
          add(
              field,
              "written with "
                  + writer.getFixedSize()
                  + " bytes, read with "
                  + reader.getFixedSize());
        }
      }
      default -> {}
    }
  }

  private void compareRecords(String field, Schema reader, Schema writer) {
    requireSameName(field, reader, writer);
    if (!path.add(reader)) {
      return;
    }
    for (Schema.Field readerField : reader.getFields()) {
      String name = field.isEmpty() ? readerField.name() : field + "." + readerField.name();
      Schema.Field writerField = SchemaCompatibility.lookupWriterField(writer, readerField);
      if (writerField != null) {
        compare(name, readerField.schema(), writerField.schema());
      } else if (!readerField.hasDefaultValue()) {
        add(name, "the writer does not have this field and the reader has no default for it");
      }
    }
    path.remove(reader);
  }

  private void compareEnums(String field, Schema reader, Schema writer) {
    requireSameName(field, reader, writer);
    List<String> unknown =
        writer.getEnumSymbols().stream().filter(symbol -> !reader.hasEnumSymbol(symbol)).toList();
    if (!unknown.isEmpty() && reader.getEnumDefault() == null) {
      add(field, "the reader does not know the symbols " + unknown + " and has no default");
    }
  }

  private void requireSameName(String field, Schema reader, Schema writer) {
    if (!SchemaCompatibility.schemaNameEquals(reader, writer)) {
      add(field, "written as " + writer.getFullName() + ", read as " + reader.getFullName());
    }
  }

  private void add(String field, String reason) {
    found.add(new Incompatibility(field, reason));
  }

  private static boolean compatible(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }

  private static String name(Schema schema) {
    return schema.getType().getName();
  }
}
