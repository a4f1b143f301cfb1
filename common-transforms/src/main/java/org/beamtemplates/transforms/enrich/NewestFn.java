package org.beamtemplates.transforms.enrich;

import org.apache.beam.sdk.transforms.Combine.BinaryCombineFn;
import org.apache.beam.sdk.values.KV;

/** Of several versions that come at once, the newest: a view holds one. */
final class NewestFn<V> extends BinaryCombineFn<KV<Long, V>> {

  private static final long serialVersionUID = 1L;

  @Override
  public KV<Long, V> apply(KV<Long, V> left, KV<Long, V> right) {
    return right.getKey() >= left.getKey() ? right : left;
  }
}
