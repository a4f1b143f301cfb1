package org.beamtemplates.services;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A real Kafka, in this JVM if nothing else is said: one node, broker and KRaft controller in one,
 * on 127.0.0.1 only.
 *
 * <p>Topics are made by {@link #createTopic} and never by their use, as on a broker that is run
 * with care. Transactions and consumer groups work; every topic has one replica. Data lives in a
 * temporary folder. {@link #close()} stops the broker and deletes its data, and so does an orderly
 * exit of the JVM; a JVM that is killed takes the broker along and leaves the temporary folder.
 *
 * <p>Costs: about two seconds for the first start in a JVM and a quarter of a second for each later
 * one, on an idle machine; some 20 MB of heap besides the data in flight; 70 threads. Several can
 * run at once or one after the other. Thread-safe.
 *
 * <pre>{@code
 * try (LocalKafka kafka = LocalKafka.start()) {
 *   kafka.createTopic("events", 4);
 *   kafka.send(List.of(new ProducerRecord<>("events", key, value)));
 *   List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll("events");
 * }
 * }</pre>
 */
public final class LocalKafka implements KafkaService {

  /** Brokers in one JVM need different ids, because their metrics carry the id as their name. */
  private static final AtomicInteger NEXT_NODE_ID = new AtomicInteger(1);

  private final ScratchFolder scratch;
  private final KafkaSettings settings;
  private final KafkaNode node;
  private final TcpGate gate;
  private final KafkaClients clients;
  private final ExitHook exitHook;
  private boolean closed;

  private LocalKafka(ScratchFolder scratch, KafkaSettings settings, KafkaNode node, TcpGate gate) {
    this.scratch = scratch;
    this.settings = settings;
    this.node = node;
    this.gate = gate;
    this.clients = KafkaClients.of(direct(settings));
    this.exitHook = ExitHook.onExit("local-kafka", this::close);
  }

  /**
   * Starts a broker on free ports and returns when it serves clients.
   *
   * @throws IllegalStateException if it does not start
   */
  public static LocalKafka start() {
    return startOn(Ports.free(), KafkaInThisJvm::start);
  }

  /**
   * Starts a broker in a JVM of its own, on free ports, and returns when it serves clients. For a
   * JVM with another Scala than Kafka's, such as one with Spark. Costs four seconds, and 400 MB.
   *
   * @param classpath what this module needs at runtime, without the module itself
   * @throws IllegalStateException if it does not start
   */
  public static LocalKafka startInOwnJvm(String classpath) {
    return startOn(
        Ports.free(), (settings, folder) -> KafkaInOwnJvm.start(settings, classpath, folder));
  }

  /**
   * Starts a broker on a given port, with its other listeners on free ones, and returns when it
   * serves clients.
   *
   * @param port where {@link #bootstrapServers()} shall be, 1 to 65535
   * @throws PortTakenException if somebody listens there
   * @throws IllegalStateException if it does not start
   */
  public static LocalKafka start(int port) {
    Ports.requireFree("Kafka", port);
    return startOn(port, KafkaInThisJvm::start);
  }

  private static LocalKafka startOn(int port, BiFunction<KafkaSettings, Path, KafkaNode> start) {
    ScratchFolder scratch = ScratchFolder.create("kafka");
    int gatedPort = Ports.free();
    TcpGate gate = TcpGate.to(gatedPort);
    KafkaSettings settings =
        KafkaSettings.alone(
            NEXT_NODE_ID.getAndIncrement(),
            scratch.path().resolve("data"),
            port,
            Ports.free(),
            gatedPort,
            gate.port());
    try {
      return new LocalKafka(scratch, settings, start.apply(settings, scratch.path()), gate);
    } catch (RuntimeException e) {
      gate.close();
      scratch.close();
      throw new IllegalStateException("Kafka did not start", e);
    }
  }

  /** The broker's address, {@code 127.0.0.1:port}. */
  @Override
  public String bootstrapServers() {
    return direct(settings);
  }

  /**
   * The broker's address through {@link #gate()}: clients that start from here lose the broker when
   * the gate is cut, while clients of {@link #bootstrapServers()} and this class's own methods keep
   * it.
   */
  public String gatedBootstrapServers() {
    return Ports.LOOPBACK + ":" + gate.port();
  }

  /** The gate in front of {@link #gatedBootstrapServers()}. */
  public TcpGate gate() {
    return gate;
  }

  @Override
  public void createTopic(String name, int partitions) {
    clients.createTopic(name, partitions, Map.of());
  }

  /**
   * Creates a topic with settings of its own and returns when it can be used.
   *
   * @param config topic settings as Kafka names them, such as {@code max.message.bytes}
   * @throws IllegalStateException if the broker refuses, for example because the topic exists
   */
  public void createTopic(String name, int partitions, Map<String, String> config) {
    clients.createTopic(name, partitions, config);
  }

  /** Whether the broker knows the topic. */
  public boolean topicExists(String name) {
    return clients.topicExists(name);
  }

  @Override
  public void send(Iterable<ProducerRecord<byte[], byte[]>> records) {
    clients.send(records);
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    return TopicReader.readAll(bootstrapServers(), topic);
  }

  /** Stops the broker and deletes its data. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    exitHook.cancel();
    clients.close();
    gate.close();
    node.close();
    scratch.close();
  }

  Path scratchFolder() {
    return scratch.path();
  }

  private static String direct(KafkaSettings settings) {
    return Ports.LOOPBACK + ":" + settings.brokerPort();
  }
}
