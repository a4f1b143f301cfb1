package org.beamtemplates.benchmarks.speed;

import org.beamtemplates.benchmarks.speed.beam.BeamEngine;
import org.beamtemplates.benchmarks.speed.flink.FlinkEngine;
import org.beamtemplates.benchmarks.speed.flink.LocalFlinkEngine;
import org.beamtemplates.benchmarks.speed.streams.StreamsEngine;

/** Who takes part. */
public enum Engines {
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
  public String title() {
    return title;
  }

  Engine engine() {
    return switch (this) {
      case PLAIN -> new PlainLoop();
      case BEAM -> new BeamEngine();
      case FLINK -> new FlinkEngine();
      case FLINK_LOCAL -> new LocalFlinkEngine();
      case STREAMS -> new StreamsEngine();
    };
  }
}
