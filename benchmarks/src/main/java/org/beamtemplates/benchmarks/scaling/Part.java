package org.beamtemplates.benchmarks.scaling;

import java.util.Locale;
import org.beamtemplates.benchmarks.speed.GeneratedPart;

/** What is measured together, and has a table. */
enum Part {
  PARALLELISM("Parallelism, from Kafka"),
  KEYS("Keys: W1, sums of each minute"),
  STATE("State of each key: W6"),
  SKEW("One hot key: W1 from Kafka");

  private final String title;

  Part(String title) {
    this.title = title;
  }

  /** Returns its heading. */
  String title() {
    return title;
  }

  /** Returns its place in the page. */
  GeneratedPart place() {
    return new GeneratedPart(
        "scaling " + name().toLowerCase(Locale.ROOT), "benchmarks/run scaling");
  }
}
