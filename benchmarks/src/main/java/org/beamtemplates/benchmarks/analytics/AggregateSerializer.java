package org.beamtemplates.benchmarks.analytics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.api.java.typeutils.runtime.DataInputViewStream;
import org.apache.flink.api.java.typeutils.runtime.DataOutputViewStream;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.beamtemplates.pipelines.realtimeanalytics.PageAggregate;

/** Writes aggregates as the template does. */
public final class AggregateSerializer extends TypeSerializerSingleton<PageAggregate> {

  private static final long serialVersionUID = 1L;

  static final AggregateSerializer INSTANCE = new AggregateSerializer();

  /** What Flink makes a serializer of when it restores state. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<PageAggregate> {

    public Snapshot() {
      super(() -> INSTANCE);
    }
  }

  private AggregateSerializer() {}

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public PageAggregate createInstance() {
    return new PageAggregate();
  }

  /** Copies what is about to change while a checkpoint is being written. */
  @Override
  public PageAggregate copy(PageAggregate from) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      from.writeTo(bytes);
      return PageAggregate.readFrom(new ByteArrayInputStream(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes whatever is written", e);
    }
  }

  @Override
  public PageAggregate copy(PageAggregate from, PageAggregate reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(PageAggregate aggregate, DataOutputView target) throws IOException {
    aggregate.writeTo(new DataOutputViewStream(target));
  }

  @Override
  public PageAggregate deserialize(DataInputView source) throws IOException {
    return PageAggregate.readFrom(new DataInputViewStream(source));
  }

  @Override
  public PageAggregate deserialize(PageAggregate reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<PageAggregate> snapshotConfiguration() {
    return new Snapshot();
  }
}
