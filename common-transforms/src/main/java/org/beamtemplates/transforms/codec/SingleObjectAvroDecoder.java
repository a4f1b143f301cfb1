package org.beamtemplates.transforms.codec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Knows the schema of the class and those of older writers by their fingerprints. Where fields are
 * only ever appended, it reads those of newer writers that it knows and leaves out the rest.
 */
final class SingleObjectAvroDecoder<T extends SpecificRecord> extends SpecificDecoder<T> {

  private static final long serialVersionUID = 1L;

  private final List<Schema> olderWriters;
  private final boolean appendOnly;
  private transient @Nullable Map<Long, AvroBodyReader<T>> readers;
  private transient @Nullable AvroBodyReader<T> newer;

  SingleObjectAvroDecoder(SpecificType<T> type, List<Schema> olderWriters, boolean appendOnly) {
    super(type);
    this.olderWriters = List.copyOf(olderWriters);
    this.appendOnly = appendOnly;
  }

  @Override
  public void open() {
    readers();
  }

  @Override
  public T decode(RawRecord record) throws DecodeException {
    byte[] value = record.value();
    long fingerprint = SingleObjectFormat.fingerprint(value);
    AvroBodyReader<T> reader = readers().get(fingerprint);
    if (reader == null && appendOnly) {
      return newer().readBeginning(value, SingleObjectFormat.HEADER_LENGTH);
    }
    if (reader == null) {
      throw new DecodeException(
          String.format(
              "Unknown schema: no known version of %s has the fingerprint %016X",
              specificType().type().getSimpleName(), fingerprint));
    }
    return reader.read(value, SingleObjectFormat.HEADER_LENGTH);
  }

  @Override
  public String contentType() {
    return MediaTypes.SINGLE_OBJECT_AVRO;
  }

  private Map<Long, AvroBodyReader<T>> readers() {
    if (readers == null) {
      Map<Long, AvroBodyReader<T>> known = new HashMap<>();
      olderWriters.forEach(writer -> known.put(SingleObjectFormat.fingerprint(writer), of(writer)));
      Schema own = specificType().schema();
      known.put(SingleObjectFormat.fingerprint(own), of(own));
      readers = known;
    }
    return readers;
  }

  private AvroBodyReader<T> newer() {
    if (newer == null) {
      newer = of(specificType().schema());
    }
    return newer;
  }

  private AvroBodyReader<T> of(Schema writer) {
    return new AvroBodyReader<>(specificType(), writer, null);
  }
}
