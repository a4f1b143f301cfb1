package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A real Flink session cluster on this machine, on 127.0.0.1 only: a JobManager and TaskManagers in
 * JVMs of their own, as on any standalone cluster, started without a distribution from the class
 * path that the caller brings.
 *
 * <p>Its children end with {@link #close()}, and with this JVM, even if that is killed. Checkpoints
 * and savepoints of jobs that name no other place are in {@link #folder()}, which {@code close}
 * deletes.
 *
 * <p>Costs: some ten seconds to start, 450 MB of memory for the JobManager and 800 MB for a
 * TaskManager at most. Several can run at once. Thread-safe.
 */
public final class LocalFlinkCluster implements AutoCloseable {

  private static final String JOB_MANAGER =
      "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
  private static final String TASK_MANAGER =
      "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
  private static final int LINES_OF_LOG = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Flink's own scripts open on Java 17. */
  private static final List<String> OPENED =
      List.of(
          "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.net=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.text=ALL-UNNAMED",
          "--add-opens=java.base/java.time=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");

  private final String classpath;
  private final ScratchFolder scratch;
  private final int restPort;
  private final int slots;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, ChildJvm> taskManagers = new TreeMap<>();
  private final ChildJvm jobManager;
  private int started;

  private LocalFlinkCluster(
      String classpath, ScratchFolder scratch, int restPort, int slots, ChildJvm jobManager) {
    this.classpath = classpath;
    this.scratch = scratch;
    this.restPort = restPort;
    this.slots = slots;
    this.jobManager = jobManager;
  }

  /**
   * Starts a cluster on free ports and returns when all of its slots are there.
   *
   * @param classpath of Flink: its runtime, the client's classes, the RPC system, state backends
   * @param taskManagers how many, 1 at least
   * @param slots of each, 1 at least: how many subtasks it runs at once
   * @throws IllegalStateException if it does not come up; the message has the end of a log
   */
  public static LocalFlinkCluster start(String classpath, int taskManagers, int slots) {
    if (taskManagers < 1 || slots < 1) {
      throw new IllegalArgumentException(
          "a cluster needs a TaskManager with a slot at least, not %d with %d"
              .formatted(taskManagers, slots));
    }
    ScratchFolder scratch = ScratchFolder.create("flink");
    int restPort = Ports.free();
    try {
      writeConfig(scratch.path(), restPort, Ports.free(), slots);
      ChildJvm jobManager =
          startChild(
              classpath,
              scratch.path(),
              JOB_MANAGER,
              "jobmanager",
              List.of("--executionMode", "cluster"),
              List.of("-Xmx384m"));
      LocalFlinkCluster cluster =
          new LocalFlinkCluster(classpath, scratch, restPort, slots, jobManager);
      cluster.startAll(taskManagers);
      return cluster;
    } catch (IOException e) {
      scratch.close();
      throw new UncheckedIOException("Cannot write the configuration of a Flink cluster", e);
    }
  }

  private void startAll(int count) {
    try {
      for (int i = 0; i < count; i++) {
        startTaskManager();
      }
      awaitSlots(count * slots);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Returns where clients reach the JobManager, {@code 127.0.0.1:port}: Beam's flinkMaster. */
  public String master() {
    return Ports.LOOPBACK + ":" + restPort;
  }

  /** Returns the folder of its configuration, its logs, its checkpoints and its savepoints. */
  public Path folder() {
    return scratch.path();
  }

  /** Starts one more TaskManager and returns its number, from 1, without waiting for it. */
  public synchronized int startTaskManager() {
    int number = ++started;
    taskManagers.put(
        number,
        startChild(
            classpath,
            scratch.path(),
            TASK_MANAGER,
            "taskmanager-" + number,
            List.of("-D", "taskmanager.resource-id=taskmanager-" + number),
            List.of("-Xmx512m", "-XX:MaxDirectMemorySize=256m")));
    return number;
  }

  /**
   * Kills a TaskManager as {@code kill -9} does: nothing is closed, saved or said.
   *
   * @throws IllegalArgumentException if none that runs has the number
   */
  public synchronized void killTaskManager(int number) {
    ChildJvm child = taskManagers.remove(number);
    if (child == null) {
      throw new IllegalArgumentException(
          "no TaskManager " + number + " runs, only " + taskManagers.keySet());
    }
    child.close();
  }

  /**
   * Waits until so many slots are there.
   *
   * @throws IllegalStateException if they are not in two minutes, or a child has ended meanwhile
   */
  public void awaitSlots(int wanted) {
    boolean there = Poll.until(START_LIMIT, () -> slots() == wanted || ended().isPresent());
    Optional<ChildJvm> ended = ended();
    if (!there || ended.isPresent()) {
      throw new IllegalStateException(
          "The Flink cluster has %d slots instead of %d%n%s"
              .formatted(slots(), wanted, tail(ended.orElse(jobManager))));
    }
  }

  /** Returns how many slots the JobManager knows of; 0 if it does not answer. */
  public int slots() {
    try {
      return get("/overview").path("slots-total").asInt();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /**
   * Asks the JobManager.
   *
   * @param path of its REST API, such as {@code /jobs}
   * @throws IOException if it does not answer, or with an error
   */
  public JsonNode get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master() + path))
            .timeout(REQUEST_LIMIT)
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(path + " was answered with HTTP " + response.statusCode());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the JobManager worked", e);
    }
  }

  /** Ends all of it at once and deletes its folder. Does nothing the second time. */
  @Override
  public synchronized void close() {
    taskManagers.values().forEach(ChildJvm::close);
    taskManagers.clear();
    jobManager.close();
    scratch.close();
  }

  synchronized List<Long> pids() {
    return Stream.concat(Stream.of(jobManager), taskManagers.values().stream())
        .map(ChildJvm::pid)
        .toList();
  }

  private synchronized Optional<ChildJvm> ended() {
    return Stream.concat(Stream.of(jobManager), taskManagers.values().stream())
        .filter(child -> !child.isAlive())
        .findFirst();
  }

  private static ChildJvm startChild(
      String classpath,
      Path folder,
      String mainClass,
      String name,
      List<String> arguments,
      List<String> memory) {
    List<String> jvmOptions = new ArrayList<>(memory);
    jvmOptions.addAll(OPENED);
    jvmOptions.add("-XX:+UseSerialGC");
    jvmOptions.add("-Xshare:auto");
    jvmOptions.add("-Dlog4j.configurationFile=" + folder.resolve("conf/log4j2.properties"));
    List<String> all = new ArrayList<>(List.of("--configDir", folder.resolve("conf").toString()));
    all.addAll(arguments);
    return ChildJvm.start(classpath, mainClass, all, folder, name, jvmOptions);
  }

  private static void writeConfig(Path folder, int restPort, int rpcPort, int slots)
      throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        """
        jobmanager.rpc.address: %1$s
        jobmanager.rpc.port: %3$d
        jobmanager.bind-host: %1$s
        rest.address: %1$s
        rest.bind-address: %1$s
        rest.port: %2$d
        taskmanager.host: %1$s
        taskmanager.bind-host: %1$s
        taskmanager.numberOfTaskSlots: %4$d
        # What Flink's script computes from the size of the process.
        taskmanager.cpu.cores: %4$d.0
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.task.heap.size: 384m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.off-heap.size: 64m
        taskmanager.memory.network.min: 64m
        taskmanager.memory.network.max: 64m
        taskmanager.memory.managed.size: 128m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 192m
        taskmanager.memory.jvm-overhead.max: 192m
        # A TaskManager that was killed is missed after this time: Flink's default is 50 s.
        heartbeat.interval: 1000
        heartbeat.timeout: 5000

        state.checkpoints.dir: file://%5$s/checkpoints
        state.savepoints.dir: file://%5$s/savepoints
        io.tmp.dirs: %5$s/tmp
        """
            .formatted(Ports.LOOPBACK, restPort, rpcPort, slots, folder),
        UTF_8);
    Files.writeString(
        conf.resolve("log4j2.properties"),
        """
        rootLogger.level = INFO
        rootLogger.appenderRef.out.ref = Out
        appender.out.name = Out
        appender.out.type = Console
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1}: %m%n
        """,
        UTF_8);
  }

  private static String tail(ChildJvm child) {
    try (Stream<String> lines = Files.lines(child.log(), UTF_8)) {
      // Without the frames of stack traces: causes are below them.
      List<String> told = lines.filter(line -> !line.startsWith("\t")).toList();
      return String.join(
          System.lineSeparator(),
          told.subList(Math.max(0, told.size() - LINES_OF_LOG), told.size()));
    } catch (IOException e) {
      return "(its log " + child.log() + " cannot be read)";
    }
  }
}
