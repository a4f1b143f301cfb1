package org.beamtemplates.transforms.observe;

import java.util.Locale;

/** What can become of a record in a stage. */
enum Fate {
  IN,
  OUT,
  DEAD,
  FILTERED,
  DUPLICATE,
  LATE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Returns the last part of the counter's name. */
  String label() {
    return label;
  }
}
