package org.beamtemplates.transforms.deliver;

import java.util.Arrays;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Gives records of one key to one shard, so that their order stays. */
final class ShardFn
    extends DoFn<ProducerRecord<byte[], byte[]>, KV<Integer, ProducerRecord<byte[], byte[]>>> {

  private static final long serialVersionUID = 1L;

  private final int shards;

  ShardFn(int shards) {
    this.shards = shards;
  }

  @ProcessElement
  public void process(
      @Element ProducerRecord<byte[], byte[]> written,
      OutputReceiver<KV<Integer, ProducerRecord<byte[], byte[]>>> output) {
    int shard = Math.floorMod(Arrays.hashCode(written.key()), shards);
    output.output(KV.of(shard, written));
  }
}
