package org.beamtemplates.transforms.deliver;

import java.util.UUID;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Numbers the records of each shard. The step behind it sees them when a checkpoint has the
 * numbers: after a failure, they are the same.
 */
final class NumberFn
    extends DoFn<KV<Integer, ProducerRecord<byte[], byte[]>>, KV<Integer, Numbered>> {

  private static final long serialVersionUID = 1L;
  private static final String NEXT = "next";
  private static final String JOB = "job";

  @StateId(NEXT)
  private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

  @StateId(JOB)
  private final StateSpec<ValueState<String>> jobSpec = StateSpecs.value(StringUtf8Coder.of());

  @ProcessElement
  public void process(
      @Element KV<Integer, ProducerRecord<byte[], byte[]>> element,
      @StateId(NEXT) ValueState<Long> next,
      @StateId(JOB) ValueState<String> job,
      OutputReceiver<KV<Integer, Numbered>> output) {
    @Nullable Long known = next.read();
    @Nullable String name = job.read();
    if (name == null) {
      name = UUID.randomUUID().toString();
      job.write(name);
    }
    long number = known == null ? 0 : known;
    next.write(number + 1);
    ProducerRecord<byte[], byte[]> written = element.getValue();
    output.output(
        KV.of(element.getKey(), new Numbered(name, number, written.key(), written.value())));
  }
}
