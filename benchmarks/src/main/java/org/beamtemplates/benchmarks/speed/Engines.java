package org.beamtemplates.benchmarks.speed;

/** Who takes part. */
enum Engines {
  PLAIN("plain loop");

  private final String title;

  Engines(String title) {
    this.title = title;
  }

  /** Returns its name in tables. */
  String title() {
    return title;
  }

  Engine engine() {
    return switch (this) {
      case PLAIN -> new PlainLoop();
    };
  }
}
