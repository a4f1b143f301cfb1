package org.beamtemplates.benchmarks.analytics;

import org.beamtemplates.schemas.DeadLetter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the source makes of a record: a view or a dead letter. It never leaves the source's thread.
 */
final class PageRead {

  final PageView view = new PageView();

  /** Of a record that is broken; then there is no view. */
  @Nullable DeadLetter dead;

  /** Event time, in milliseconds since the epoch; the earliest there is if broken. */
  long timeMillis;
}
