package org.beamtemplates.transforms.aggregate;

import org.apache.beam.sdk.transforms.SimpleFunction;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;

/** Ingested strings of a source without a watermark. */
final class Unstamped extends SimpleFunction<String, Ingested<String>> {

  private static final long serialVersionUID = 1L;

  static Unstamped fn() {
    return new Unstamped();
  }

  @Override
  public Ingested<String> apply(String value) {
    return Ingested.of(value, Origin.none());
  }
}
