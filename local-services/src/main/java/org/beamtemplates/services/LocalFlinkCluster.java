package org.beamtemplates.services;

import static java.net.HttpURLConnection.HTTP_ACCEPTED;
import static java.net.HttpURLConnection.HTTP_OK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A real Flink cluster on this machine, on 127.0.0.1 only: a JobManager and TaskManagers in JVMs of
 * their own, as on any standalone cluster, started without a distribution from the class path that
 * the caller brings. Either it waits for jobs ({@link #start}), or it is there for one application
 * and ends with it ({@link #startApplication}).
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

  /** In a string: the class itself can only be loaded where Flink is on the class path. */
  private static final String APPLICATION_JOB_MANAGER =
      "org.beamtemplates.services.FlinkApplicationEntryPoint";

  private static final String JOB_MANAGER_MEMORY = "-Xmx384m";

  /** It builds the graph as well, and has all classes of the program. */
  private static final String APPLICATION_JOB_MANAGER_MEMORY = "-Xmx512m";

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

  private final FlinkInstallation flink;
  private final ScratchFolder scratch;
  private final int restPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, ChildJvm> taskManagers = new TreeMap<>();
  private final Supplier<ChildJvm> jobManagerStart;
  private final Optional<LocalZooKeeper> zooKeeper;
  private ChildJvm jobManager;
  private int started;

  private LocalFlinkCluster(
      FlinkInstallation flink,
      ScratchFolder scratch,
      int restPort,
      Supplier<ChildJvm> jobManagerStart,
      Optional<LocalZooKeeper> zooKeeper) {
    this.flink = flink;
    this.scratch = scratch;
    this.restPort = restPort;
    this.jobManagerStart = jobManagerStart;
    this.zooKeeper = zooKeeper;
    this.jobManager = jobManagerStart.get();
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
    return startSession(FlinkInstallation.of(classpath), taskManagers, slots, false);
  }

  /**
   * Starts a cluster whose jobs outlive its JobManager: what they need to be taken up again is kept
   * in files, and who leads and where that is in a ZooKeeper in a JVM of its own, the one that
   * Flink brings with it.
   *
   * @see #start(String, int, int)
   * @see #killJobManager
   */
  public static LocalFlinkCluster startHighlyAvailable(
      String classpath, int taskManagers, int slots) {
    return startSession(FlinkInstallation.of(classpath), taskManagers, slots, true);
  }

  private static LocalFlinkCluster startSession(
      FlinkInstallation flink, int taskManagers, int slots, boolean highlyAvailable) {
    requireSome(taskManagers, slots);
    ScratchFolder scratch = ScratchFolder.create("flink");
    LocalFlinkCluster cluster =
        start(
            scratch,
            flink,
            slots,
            JOB_MANAGER,
            List.of("--executionMode", "cluster"),
            JOB_MANAGER_MEMORY,
            highlyAvailable
                ? Optional.of(LocalZooKeeper.start(flink.classpath(), scratch.path()))
                : Optional.empty());
    cluster.startTaskManagers(taskManagers);
    try {
      cluster.awaitSlots(taskManagers * slots);
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /**
   * Starts a cluster in application mode: its JobManager runs the main method of the program, and
   * ends when the job has ended. Returns at once; {@link #awaitEnd} waits for the end.
   *
   * @param flink what JobManager and TaskManagers have been given
   * @param application the program; its jars are copied
   * @param settings of Flink for this application, over those of the cluster, such as {@code
   *     execution.savepoint.path}
   * @param taskManagers how many, 1 at least
   * @param slots of each, 1 at least
   */
  public static LocalFlinkCluster startApplication(
      FlinkInstallation flink,
      FlinkApplication application,
      Map<String, String> settings,
      int taskManagers,
      int slots) {
    requireSome(taskManagers, slots);
    ScratchFolder scratch = ScratchFolder.create("flink");
    copyJars(application, scratch);
    List<String> arguments = new ArrayList<>();
    settings.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
    arguments.add(application.jar().getFileName().toString());
    arguments.add(application.mainClass());
    arguments.addAll(application.arguments());
    Path entryPoint =
        ClassFile.copy(APPLICATION_JOB_MANAGER, scratch.path().resolve("entry-point"));
    LocalFlinkCluster cluster =
        start(
            scratch,
            flink.withJars(List.of(entryPoint)),
            slots,
            APPLICATION_JOB_MANAGER,
            arguments,
            APPLICATION_JOB_MANAGER_MEMORY,
            Optional.empty());
    cluster.startTaskManagers(taskManagers);
    return cluster;
  }

  private static void copyJars(FlinkApplication application, ScratchFolder scratch) {
    Path jars = scratch.path().resolve(FlinkApplicationEntryPoint.JARS);
    try {
      Files.createDirectories(jars);
      Files.copy(application.jar(), jars.resolve(application.jar().getFileName()));
      for (Path library : application.libraries()) {
        Files.copy(library, jars.resolve(library.getFileName()));
      }
    } catch (IOException e) {
      scratch.close();
      throw new UncheckedIOException("Cannot copy the jars of an application", e);
    }
  }

  private static LocalFlinkCluster start(
      ScratchFolder scratch,
      FlinkInstallation flink,
      int slots,
      String mainClass,
      List<String> arguments,
      String memory,
      Optional<LocalZooKeeper> zooKeeper) {
    int restPort = Ports.free();
    try {
      writeConfig(
          scratch.path(),
          restPort,
          Ports.free(),
          slots,
          zooKeeper.map(keeper -> availability(keeper, scratch.path())).orElse("")
              + flink.lines().collect(joining("\n")));
    } catch (IOException e) {
      scratch.close();
      throw new UncheckedIOException("Cannot write the configuration of a Flink cluster", e);
    }
    Supplier<ChildJvm> jobManager =
        () ->
            startChild(flink, scratch.path(), mainClass, "jobmanager", arguments, List.of(memory));
    return new LocalFlinkCluster(flink, scratch, restPort, jobManager, zooKeeper);
  }

  private static void requireSome(int taskManagers, int slots) {
    if (taskManagers < 1 || slots < 1) {
      throw new IllegalArgumentException(
          "a cluster needs a TaskManager with a slot at least, not %d with %d"
              .formatted(taskManagers, slots));
    }
  }

  private void startTaskManagers(int count) {
    for (int i = 0; i < count; i++) {
      startTaskManager();
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

  private static String availability(LocalZooKeeper keeper, Path folder) {
    return """
        high-availability.type: zookeeper
        high-availability.zookeeper.quorum: %s
        high-availability.storageDir: file://%s/high-availability
        # A JobManager that was killed leads on until its session is over: Flink's default is 60 s.
        high-availability.zookeeper.client.session-timeout: 10000
        """
        .formatted(keeper.address(), folder);
  }

  /** Kills the JobManager as {@code kill -9} does. */
  public synchronized void killJobManager() {
    jobManager.close();
  }

  /**
   * Starts a JobManager in place of one that was killed, without waiting for it. It takes the jobs
   * up if the cluster is highly available; otherwise they are gone.
   */
  public synchronized void startJobManager() {
    if (jobManager.isAlive()) {
      throw new IllegalStateException("The JobManager runs");
    }
    jobManager = jobManagerStart.get();
  }

  /** Returns the numbers of the TaskManagers that were started and not killed. */
  public synchronized List<Integer> taskManagers() {
    return List.copyOf(taskManagers.keySet());
  }

  /** Starts one more TaskManager and returns its number, from 1, without waiting for it. */
  public synchronized int startTaskManager() {
    int number = ++started;
    taskManagers.put(
        number,
        startChild(
            flink,
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
              .formatted(slots(), wanted, ended.orElse(jobManager).lastLines(LINES_OF_LOG)));
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
    return send(request(path), HTTP_OK);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + master() + path)).timeout(REQUEST_LIMIT);
  }

  private JsonNode send(HttpRequest.Builder prepared, int expected) throws IOException {
    HttpRequest request = prepared.build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != expected) {
        throw new IOException(
            request.uri().getPath() + " was answered with HTTP " + response.statusCode());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the JobManager worked", e);
    }
  }

  /**
   * Stops a job with a savepoint, as an upgrade does, and returns where that is, once it is there.
   *
   * @param job its id
   * @throws IOException if the JobManager does not answer, or could not do it in two minutes
   */
  public String stopWithSavepoint(String job) throws IOException {
    String jobs = "/jobs/" + job;
    HttpRequest.Builder stop =
        request(jobs + "/stop")
            .POST(HttpRequest.BodyPublishers.ofString("{\"drain\":false}"))
            .header("Content-Type", "application/json");
    String request = send(stop, HTTP_ACCEPTED).path("request-id").asText();
    AtomicReference<JsonNode> last = new AtomicReference<>(JSON.createObjectNode());
    boolean completed =
        Poll.until(
            START_LIMIT,
            () -> {
              try {
                last.set(get(jobs + "/savepoints/" + request));
              } catch (IOException notNow) {
                return false;
              }
              return last.get().at("/status/id").asText().equals("COMPLETED");
            });
    String location = last.get().at("/operation/location").asText();
    if (!completed || location.isEmpty()) {
      throw new IOException("No savepoint of the job: " + last.get());
    }
    return location;
  }

  /** Returns the ids of the jobs that run. */
  public List<String> runningJobs() throws IOException {
    List<String> running = new ArrayList<>();
    for (JsonNode job : get("/jobs").path("jobs")) {
      if (job.path("status").asText().equals("RUNNING")) {
        running.add(job.path("id").asText());
      }
    }
    return running;
  }

  /**
   * Waits until the JobManager has ended, as it does with its application.
   *
   * @return its exit code, 0 if the job has finished or was cancelled
   * @throws IllegalStateException if it has not ended by then; the message has the end of its log
   */
  public int awaitEnd(Duration patience) {
    return jobManager
        .awaitEnd(patience)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The JobManager runs still after %s%n%s"
                        .formatted(patience, jobManager.lastLines(LINES_OF_LOG))));
  }

  /**
   * Returns what the JobManager has logged, and what the application has printed.
   *
   * @throws UncheckedIOException if the log cannot be read
   */
  public String jobManagerLog() {
    try {
      return Files.readString(jobManager.log(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + jobManager.log(), e);
    }
  }

  /** Ends all of it at once and deletes its folder. Does nothing the second time. */
  @Override
  public synchronized void close() {
    taskManagers.values().forEach(ChildJvm::close);
    taskManagers.clear();
    jobManager.close();
    zooKeeper.ifPresent(LocalZooKeeper::close);
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
      FlinkInstallation flink,
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
    return ChildJvm.start(
        flink.classpath(), mainClass, all, folder, name, jvmOptions, flink.environment());
  }

  private static void writeConfig(Path folder, int restPort, int rpcPort, int slots, String more)
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
        %6$s
        """
            .formatted(Ports.LOOPBACK, restPort, rpcPort, slots, folder, more),
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
}
