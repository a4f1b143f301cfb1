package org.beamtemplates.benchmarks.analytics;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.beamtemplates.pipelines.realtimeanalytics.PageAggregate;

/** Tells Flink of {@link AggregateSerializer}. */
final class AggregateType extends TypeInformation<PageAggregate> {

  private static final long serialVersionUID = 1L;

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<PageAggregate> getTypeClass() {
    return PageAggregate.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  @SuppressWarnings("deprecation")
  public TypeSerializer<PageAggregate> createSerializer(ExecutionConfig config) {
    return AggregateSerializer.INSTANCE;
  }

  @Override
  public String toString() {
    return "PageAggregate";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AggregateType;
  }

  @Override
  public int hashCode() {
    return AggregateType.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof AggregateType;
  }
}
