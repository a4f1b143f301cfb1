package org.beamtemplates.services;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * A broker's configuration: a node that is broker and controller, small and quick to start.
 *
 * @param voters all nodes of the cluster, {@code id@host:port,…}
 * @param replicas of each partition
 * @param gatedPort the listener behind a gate, if it has one
 */
record KafkaSettings(
    int nodeId,
    Path dataFolder,
    int brokerPort,
    int controllerPort,
    String voters,
    int replicas,
    OptionalInt gatedPort,
    int advertisedGatePort) {

  /** The only node of its cluster. */
  static KafkaSettings alone(
      int nodeId,
      Path dataFolder,
      int brokerPort,
      int controllerPort,
      int gatedPort,
      int advertisedGatePort) {
    return new KafkaSettings(
        nodeId,
        dataFolder,
        brokerPort,
        controllerPort,
        voter(nodeId, controllerPort),
        1,
        OptionalInt.of(gatedPort),
        advertisedGatePort);
  }

  /** One node among several. */
  static KafkaSettings among(
      String voters,
      int replicas,
      int nodeId,
      Path dataFolder,
      int brokerPort,
      int controllerPort) {
    return new KafkaSettings(
        nodeId, dataFolder, brokerPort, controllerPort, voters, replicas, OptionalInt.empty(), 0);
  }

  static String voter(int nodeId, int controllerPort) {
    return nodeId + "@" + Ports.LOOPBACK + ":" + controllerPort;
  }

  Properties toProperties() {
    Properties properties = new Properties();
    addQuorum(properties);
    addListeners(properties);
    addReplicas(properties);
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
    properties.setProperty("controller.quorum.voters", voters);
    // There is no other node to move leadership to.
    properties.setProperty("controlled.shutdown.enable", "false");
  }

  private void addListeners(Properties properties) {
    String direct = listener("DIRECT", brokerPort);
    String controller = "," + listener("CONTROLLER", controllerPort);
    // Clients follow the advertised address of the listener they came in by, hence two listeners.
    properties.setProperty(
        "listeners",
        gatedPort.isPresent()
            ? direct + "," + listener("GATED", gatedPort.getAsInt()) + controller
            : direct + controller);
    properties.setProperty(
        "advertised.listeners",
        gatedPort.isPresent() ? direct + "," + listener("GATED", advertisedGatePort) : direct);
    properties.setProperty(
        "listener.security.protocol.map", "DIRECT:PLAINTEXT,GATED:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.setProperty("inter.broker.listener.name", "DIRECT");
  }

  /** What is acknowledged by all is on two nodes at least, if there are several. */
  private void addReplicas(Properties properties) {
    String all = Integer.toString(replicas);
    String atLeast = Integer.toString(Math.min(2, replicas));
    properties.setProperty("default.replication.factor", all);
    properties.setProperty("min.insync.replicas", atLeast);
    properties.setProperty("offsets.topic.replication.factor", all);
    properties.setProperty("offsets.topic.num.partitions", "3");
    properties.setProperty("transaction.state.log.replication.factor", all);
    properties.setProperty("transaction.state.log.min.isr", atLeast);
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
