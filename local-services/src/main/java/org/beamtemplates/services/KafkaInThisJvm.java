package org.beamtemplates.services;

import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A broker in this JVM. */
final class KafkaInThisJvm implements KafkaNode {

  private final KafkaRaftServer server;

  private KafkaInThisJvm(KafkaRaftServer server) {
    this.server = server;
  }

  /** Starts it and returns when it serves clients. */
  static KafkaInThisJvm start(KafkaSettings settings, Path folder) {
    KafkaStorage.format(
        settings.toProperties(), folder.resolve("server.properties"), Uuid.randomUuid().toString());
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(settings.toProperties()), Time.SYSTEM);
    try {
      server.startup();
      return new KafkaInThisJvm(server);
    } catch (RuntimeException e) {
      server.shutdown();
      throw e;
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
