package org.beamtemplates.services;

import java.nio.file.Path;
import java.util.Properties;

/** The broker's configuration: one node that is broker and controller, small and quick to start. */
record KafkaSettings(
    int nodeId,
    Path dataFolder,
    int brokerPort,
    int controllerPort,
    int gatedPort,
    int advertisedGatePort) {

  Properties toProperties() {
    Properties properties = new Properties();
    addQuorum(properties);
    addListeners(properties);
    addSingleReplica(properties);
    addSmallFootprint(properties);
    properties.setProperty("log.dirs", dataFolder.toString());
    properties.setProperty("auto.create.topics.enable", "false");
    properties.setProperty("group.initial.rebalance.delay.ms", "0");
    return properties;
  }

  private void addQuorum(Properties properties) {
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", Integer.toString(nodeId));
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty(
        "controller.quorum.voters", nodeId + "@" + Ports.LOOPBACK + ":" + controllerPort);
    // There is no other node to move leadership to.
    properties.setProperty("controlled.shutdown.enable", "false");
  }

  private void addListeners(Properties properties) {
    properties.setProperty(
        "listeners",
        String.join(
            ",",
            listener("DIRECT", brokerPort),
            listener("GATED", gatedPort),
            listener("CONTROLLER", controllerPort)));
    // Clients follow the advertised address of the listener they came in by, hence two listeners.
    properties.setProperty(
        "advertised.listeners",
        listener("DIRECT", brokerPort) + "," + listener("GATED", advertisedGatePort));
    properties.setProperty(
        "listener.security.protocol.map", "DIRECT:PLAINTEXT,GATED:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.setProperty("inter.broker.listener.name", "DIRECT");
  }

  private static void addSingleReplica(Properties properties) {
    properties.setProperty("default.replication.factor", "1");
    properties.setProperty("min.insync.replicas", "1");
    properties.setProperty("offsets.topic.replication.factor", "1");
    properties.setProperty("offsets.topic.num.partitions", "3");
    properties.setProperty("transaction.state.log.replication.factor", "1");
    properties.setProperty("transaction.state.log.min.isr", "1");
    properties.setProperty("transaction.state.log.num.partitions", "3");
  }

  private static void addSmallFootprint(Properties properties) {
    // The cleaner takes its buffer from the heap at once, 128 MB by default.
    // Tests send records with timestamps of long ago, which the default would delete at once.
    properties.setProperty("log.retention.ms", "-1");
    properties.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    properties.setProperty("log.index.size.max.bytes", Integer.toString(1 << 20));
    properties.setProperty("num.network.threads", "2");
    properties.setProperty("num.io.threads", "4");
    properties.setProperty("background.threads", "2");
    // Several brokers may live in this JVM, one after the other or at once.
    properties.setProperty("auto.include.jmx.reporter", "false");
  }

  private static String listener(String name, int port) {
    return name + "://" + Ports.LOOPBACK + ":" + port;
  }
}
