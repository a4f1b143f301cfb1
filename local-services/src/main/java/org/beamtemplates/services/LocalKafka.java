package org.beamtemplates.services;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka in this JVM: one node, broker and KRaft controller in one, on 127.0.0.1 only.
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
public final class LocalKafka implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Brokers in one JVM need different ids, because their metrics carry the id as their name. */
  private static final AtomicInteger NEXT_NODE_ID = new AtomicInteger(1);

  private final ScratchFolder scratch;
  private final KafkaSettings settings;
  private final KafkaRaftServer server;
  private final TcpGate gate;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ExitHook exitHook;
  private boolean closed;

  private LocalKafka(
      ScratchFolder scratch, KafkaSettings settings, KafkaRaftServer server, TcpGate gate) {
    this.scratch = scratch;
    this.settings = settings;
    this.server = server;
    this.gate = gate;
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, direct(settings)));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                direct(settings),
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.exitHook = ExitHook.onExit("local-kafka", this::close);
  }

  /**
   * Starts a broker on free ports and returns when it serves clients.
   *
   * @throws IllegalStateException if it does not start
   */
  public static LocalKafka start() {
    return startOn(Ports.free());
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
    return startOn(port);
  }

  private static LocalKafka startOn(int port) {
    ScratchFolder scratch = ScratchFolder.create("kafka");
    int gatedPort = Ports.free();
    TcpGate gate = TcpGate.to(gatedPort);
    KafkaSettings settings =
        new KafkaSettings(
            NEXT_NODE_ID.getAndIncrement(),
            scratch.path().resolve("data"),
            port,
            Ports.free(),
            gatedPort,
            gate.port());
    try {
      format(settings.toProperties(), scratch.path().resolve("server.properties"));
      return new LocalKafka(scratch, settings, startServer(settings), gate);
    } catch (RuntimeException e) {
      gate.close();
      scratch.close();
      throw new IllegalStateException("Kafka did not start", e);
    }
  }

  /** The broker's address, {@code 127.0.0.1:port}. */
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

  /**
   * Creates a topic and returns when it can be used.
   *
   * @throws IllegalStateException if the broker refuses, for example because the topic exists
   */
  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /**
   * Creates a topic with settings of its own and returns when it can be used.
   *
   * @param config topic settings as Kafka names them, such as {@code max.message.bytes}
   * @throws IllegalStateException if the broker refuses, for example because the topic exists
   */
  public void createTopic(String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
    await("create topic " + name, admin.createTopics(List.of(topic)).all());
    if (!Poll.until(LIMIT, () -> allPartitionsAnswer(name, partitions))) {
      throw new IllegalStateException("Topic " + name + " cannot be used after " + LIMIT);
    }
  }

  /** Whether the broker knows the topic. */
  public boolean topicExists(String name) {
    return isKnown("describe topic " + name, admin.describeTopics(List.of(name)).allTopicNames());
  }

  /**
   * Writes records in the given order and returns when the broker has them all. Goes through the
   * records twice, to find a missing topic before anything is written.
   *
   * @throws IllegalStateException if the broker refuses one, or its topic does not exist
   */
  public void send(Iterable<ProducerRecord<byte[], byte[]>> records) {
    Set<String> topics = new HashSet<>();
    records.forEach(record -> topics.add(record.topic()));
    topics.forEach(this::requireTopic);
    List<Future<?>> pending = new ArrayList<>();
    records.forEach(record -> pending.add(producer.send(record)));
    producer.flush();
    pending.forEach(written -> await("write a record", written));
  }

  /**
   * Reads a topic from its beginning to its present end: records that are committed, or were
   * written without a transaction. Ordered by partition, then by offset. All of it is held in
   * memory.
   *
   * @throws IllegalStateException if the end cannot be reached within a minute
   */
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
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
    gate.close();
    server.shutdown();
    server.awaitShutdown();
    scratch.close();
  }

  /**
   * Metadata shows a topic before its partitions take records, and an idempotent producer whose
   * first batch is turned away may get its second one accepted, and then never the first.
   */
  private boolean allPartitionsAnswer(String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> ends =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toUnmodifiableMap(p -> p, p -> OffsetSpec.latest()));
    return isKnown("use topic " + topic, admin.listOffsets(ends).all());
  }

  /** Says at once what the producer would notice after a minute. */
  private void requireTopic(String name) {
    if (!topicExists(name)) {
      throw new IllegalStateException("Topic " + name + " does not exist");
    }
  }

  Path scratchFolder() {
    return scratch.path();
  }

  private static String direct(KafkaSettings settings) {
    return Ports.LOOPBACK + ":" + settings.brokerPort();
  }

  private static KafkaRaftServer startServer(KafkaSettings settings) {
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(settings.toProperties()), Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException e) {
      server.shutdown();
      throw e;
    }
  }

  /** A node starts only on storage that was formatted for its cluster. */
  private static void format(Properties properties, Path file) {
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    String[] arguments = {
      "format", "--config", file.toString(), "--cluster-id", Uuid.randomUuid().toString()
    };
    int exitCode = StorageTool.execute(arguments, silent);
    if (exitCode != 0) {
      throw new IllegalStateException("Formatting the storage ended with exit code " + exitCode);
    }
  }

  private static void await(String what, Future<?> future) {
    try {
      get(future);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    }
  }

  /** Whether the broker's answer is about a topic that it knows. */
  private static boolean isKnown(String what, Future<?> answer) {
    try {
      get(answer);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw failure(what, e.getCause());
    }
  }

  private static void get(Future<?> future) throws ExecutionException {
    try {
      future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionException("Interrupted", e);
    } catch (TimeoutException e) {
      throw new ExecutionException("No answer within " + LIMIT, e);
    }
  }

  private static IllegalStateException failure(String what, Throwable reason) {
    return new IllegalStateException("Could not " + what, reason);
  }
}
