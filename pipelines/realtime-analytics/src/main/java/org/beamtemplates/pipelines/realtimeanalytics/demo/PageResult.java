package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.time.Instant;

/**
 * What names a result in the ledger and in the store alike.
 *
 * @param windowStartMs start of the window
 */
record PageResult(long windowStartMs, String category, String country) {

  @Override
  public String toString() {
    return Instant.ofEpochMilli(windowStartMs) + " " + category + " " + country;
  }
}
