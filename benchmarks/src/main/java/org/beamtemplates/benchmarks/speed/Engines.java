package org.beamtemplates.benchmarks.speed;

import org.beamtemplates.benchmarks.speed.streams.StreamsEngine;

/** Who takes part. */
enum Engines {
  PLAIN("plain loop"),
  BEAM("beam-templates on Flink"),
  FLINK("native Flink"),
  FLINK_LOCAL("native Flink, same trick"),
  STREAMS("Kafka Streams");

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
      case STREAMS -> new StreamsEngine();
      default -> throw new IllegalStateException();
    };
  }
}
