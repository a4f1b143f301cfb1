package org.beamtemplates.services;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka of several nodes on this machine, each in a JVM of its own that can be killed, on
 * 127.0.0.1 only: every node is broker and controller, every partition is on all of them, and what
 * is acknowledged is on two at least.
 *
 * <p>Its children end with {@link #close()}, and with this JVM, even if that is killed; their data
 * is in a temporary folder, which {@code close} deletes. Costs: ten seconds to start, 400 MB a
 * node. Thread-safe.
 */
public final class LocalKafkaCluster implements KafkaService {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final String MAIN = "kafka.Kafka";

  private final ScratchFolder scratch;
  private final Map<Integer, KafkaSettings> nodes;
  private final Map<Integer, ChildJvm> running = new TreeMap<>();
  private final KafkaClients clients;

  private LocalKafkaCluster(ScratchFolder scratch, Map<Integer, KafkaSettings> nodes) {
    this.scratch = scratch;
    this.nodes = nodes;
    this.clients = KafkaClients.of(bootstrapServers());
  }

  /**
   * Starts a cluster and returns when all its nodes are there.
   *
   * @param size how many nodes; three stand the loss of one
   * @throws IllegalStateException if it does not come up in two minutes
   */
  public static LocalKafkaCluster start(int size) {
    ScratchFolder scratch = ScratchFolder.create("kafka-cluster");
    Map<Integer, Integer> controllers =
        IntStream.rangeClosed(1, size)
            .boxed()
            .collect(Collectors.toMap(id -> id, id -> Ports.free(), (a, b) -> a, TreeMap::new));
    String voters =
        controllers.entrySet().stream()
            .map(node -> KafkaSettings.voter(node.getKey(), node.getValue()))
            .collect(Collectors.joining(","));
    String cluster = Uuid.randomUuid().toString();
    Map<Integer, KafkaSettings> nodes = new TreeMap<>();
    controllers.forEach(
        (id, controllerPort) -> {
          KafkaSettings node =
              KafkaSettings.among(
                  voters,
                  size,
                  id,
                  scratch.path().resolve("data-" + id),
                  Ports.free(),
                  controllerPort);
          KafkaStorage.format(
              node.toProperties(), scratch.path().resolve(id + ".properties"), cluster);
          nodes.put(id, node);
        });
    LocalKafkaCluster kafka = new LocalKafkaCluster(scratch, nodes);
    try {
      nodes.keySet().forEach(kafka::startNode);
      kafka.awaitNodes(size);
      return kafka;
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  /** Starts a node that was killed, with the data that it had, without waiting for it. */
  public synchronized void startNode(int node) {
    if (running.containsKey(node)) {
      throw new IllegalArgumentException("node " + node + " runs");
    }
    running.put(
        node,
        ChildJvm.start(
            System.getProperty("java.class.path"),
            MAIN,
            List.of(scratch.path().resolve(node + ".properties").toString()),
            scratch.path(),
            "kafka-" + node,
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-Xshare:auto")));
  }

  /**
   * Kills a node as {@code kill -9} does.
   *
   * @throws IllegalArgumentException if no such node runs
   */
  public synchronized void killNode(int node) {
    ChildJvm child = running.remove(node);
    if (child == null) {
      throw new IllegalArgumentException("no node " + node + " runs, only " + running.keySet());
    }
    child.close();
  }

  /** Returns the numbers of the nodes that run. */
  public synchronized List<Integer> runningNodes() {
    return List.copyOf(running.keySet());
  }

  /**
   * Waits until so many nodes are part of the cluster.
   *
   * @throws IllegalStateException if they are not in two minutes
   */
  public void awaitNodes(int wanted) {
    if (!Poll.until(START_LIMIT, () -> clients.nodes() == wanted)) {
      throw new IllegalStateException(
          "The Kafka cluster has %d nodes instead of %d; see the logs in %s"
              .formatted(clients.nodes(), wanted, scratch.path()));
    }
  }

  @Override
  public String bootstrapServers() {
    return nodes.values().stream()
        .map(node -> Ports.LOOPBACK + ":" + node.brokerPort())
        .collect(Collectors.joining(","));
  }

  @Override
  public void createTopic(String name, int partitions) {
    clients.createTopic(name, partitions, Map.of());
  }

  @Override
  public void send(Iterable<ProducerRecord<byte[], byte[]>> records) {
    clients.send(records);
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    return TopicReader.readAll(bootstrapServers(), topic);
  }

  @Override
  public synchronized void close() {
    clients.close();
    running.values().forEach(ChildJvm::close);
    running.clear();
    scratch.close();
  }
}
