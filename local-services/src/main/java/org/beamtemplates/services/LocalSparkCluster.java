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
 * A real Spark standalone cluster on this machine, on 127.0.0.1 only: a master and workers in JVMs
 * of their own, started without a distribution from the class path that the caller brings. A worker
 * starts an executor, one more JVM, for each application.
 *
 * <p>All of them end with {@link #close()}, and with this JVM, even if that is killed: master and
 * workers at once, and an executor as soon as it misses the worker that started it.
 *
 * <p>Costs: some ten seconds to start, 220 MB of memory for the master and for a worker, and for an
 * executor what the application asks for, 1 GB by default, and at most. Several can run at once.
 * Thread-safe.
 */
public final class LocalSparkCluster implements AutoCloseable {

  private static final String MASTER = "org.apache.spark.deploy.master.Master";
  private static final String WORKER = "org.apache.spark.deploy.worker.Worker";

  /** What workers have for executors. */
  private static final String WORKER_MEMORY = "1g";

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
  private static final int LINES_OF_LOG = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Spark's own launcher opens on Java 17; workers open it for executors. */
  private static final List<String> OPENED =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.net=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private final String classpath;
  private final ScratchFolder scratch;
  private final int port;
  private final int webPort;
  private final int cores;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, ChildJvm> workers = new TreeMap<>();
  private final ChildJvm master;
  private int started;

  private LocalSparkCluster(String classpath, ScratchFolder scratch, int cores) {
    this.classpath = classpath;
    this.scratch = scratch;
    this.cores = cores;
    this.port = Ports.free();
    this.webPort = Ports.free();
    this.master =
        startChild(
            MASTER,
            "master",
            List.of("--port", Integer.toString(port), "--webui-port", Integer.toString(webPort)));
  }

  /**
   * Starts a cluster on free ports and returns when all of its workers are there.
   *
   * @param classpath of Spark, with a logging backend: what a distribution has in its folder jars
   * @param workers how many, 1 at least
   * @param cores of each, 1 at least: how many tasks it runs at once
   * @throws IllegalStateException if it does not come up; the message has the end of a log
   */
  public static LocalSparkCluster start(String classpath, int workers, int cores) {
    if (workers < 1 || cores < 1) {
      throw new IllegalArgumentException(
          "a cluster needs a worker with a core at least, not %d with %d"
              .formatted(workers, cores));
    }
    ScratchFolder scratch = ScratchFolder.create("spark");
    try {
      writeHome(scratch.path());
      LocalSparkCluster cluster = new LocalSparkCluster(classpath, scratch, cores);
      cluster.startAll(workers);
      return cluster;
    } catch (IOException e) {
      scratch.close();
      throw new UncheckedIOException("Cannot write the configuration of a Spark cluster", e);
    }
  }

  private void startAll(int count) {
    try {
      for (int i = 0; i < count; i++) {
        startWorker();
      }
      awaitWorkers(count);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Returns where drivers reach the master, {@code spark://127.0.0.1:port}: Beam's sparkMaster. */
  public String master() {
    return "spark://" + Ports.LOOPBACK + ":" + port;
  }

  /** Returns the folder of its configuration and its logs; those of executors are in work. */
  public Path folder() {
    return scratch.path();
  }

  /** Starts one more worker and returns its number, from 1, without waiting for it. */
  public synchronized int startWorker() {
    int number = ++started;
    workers.put(
        number,
        startChild(
            WORKER,
            "worker-" + number,
            List.of(
                "--cores",
                Integer.toString(cores),
                "--memory",
                WORKER_MEMORY,
                "--port",
                "0",
                "--webui-port",
                "0",
                "--work-dir",
                scratch.path().resolve("work/worker-" + number).toString(),
                master())));
    return number;
  }

  /**
   * Kills a worker with its executors as {@code kill -9} does: nothing is closed, saved or said.
   *
   * @throws IllegalArgumentException if none that runs has the number
   */
  public synchronized void killWorker(int number) {
    ChildJvm child = workers.remove(number);
    if (child == null) {
      throw new IllegalArgumentException("no worker " + number + " runs, only " + workers.keySet());
    }
    child.close();
  }

  /**
   * Waits until so many workers are there.
   *
   * @throws IllegalStateException if they are not in two minutes, or a child has ended meanwhile
   */
  public void awaitWorkers(int wanted) {
    boolean there = Poll.until(START_LIMIT, () -> workers() == wanted || ended().isPresent());
    Optional<ChildJvm> ended = ended();
    if (!there || ended.isPresent()) {
      throw new IllegalStateException(
          "The Spark cluster has %d workers instead of %d%n%s"
              .formatted(workers(), wanted, ended.orElse(master).lastLines(LINES_OF_LOG)));
    }
  }

  /** Returns how many workers the master knows to be alive; 0 if it does not answer. */
  public int workers() {
    try {
      return get().path("aliveworkers").asInt();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /**
   * Asks the master for what it shows: workers, {@code activeapps}, {@code completedapps}, …
   *
   * @throws IOException if it does not answer, or with an error
   */
  public JsonNode get() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + Ports.LOOPBACK + ":" + webPort + "/json/"))
            .timeout(REQUEST_LIMIT)
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("the master answered with HTTP " + response.statusCode());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the master worked", e);
    }
  }

  /** Ends all of it at once and deletes its folder. Does nothing the second time. */
  @Override
  public synchronized void close() {
    // First who would have executors started anew.
    master.close();
    workers.values().forEach(ChildJvm::close);
    workers.clear();
    scratch.close();
  }

  private synchronized Optional<ChildJvm> ended() {
    return Stream.concat(Stream.of(master), workers.values().stream())
        .filter(child -> !child.isAlive())
        .findFirst();
  }

  private ChildJvm startChild(String mainClass, String name, List<String> arguments) {
    Path home = scratch.path();
    List<String> jvmOptions = new ArrayList<>(OPENED);
    jvmOptions.add("-Xmx256m");
    jvmOptions.add("-XX:+UseSerialGC");
    jvmOptions.add("-Xshare:auto");
    jvmOptions.add("-Dlog4j2.configurationFile=" + home.resolve("conf/log4j2.properties"));
    List<String> all = new ArrayList<>(List.of("--host", Ports.LOOPBACK));
    all.addAll(arguments);
    return ChildJvm.start(
        classpath, mainClass, all, home, name, jvmOptions, environment(home, classpath));
  }

  /** Executors inherit it from their worker. */
  private static Map<String, String> environment(Path home, String classpath) {
    return Map.of(
        "SPARK_HOME",
        home.toString(),
        "SPARK_CONF_DIR",
        home.resolve("conf").toString(),
        // What executors find besides the folder jars, which is empty here.
        "SPARK_DIST_CLASSPATH",
        classpath,
        // Without it, a worker takes its home for a source tree and looks there.
        "SPARK_SCALA_VERSION",
        "2.12",
        // Web interfaces listen everywhere otherwise.
        "SPARK_LOCAL_IP",
        Ports.LOOPBACK,
        "SPARK_LOCAL_DIRS",
        home.resolve("local").toString(),
        "JAVA_HOME",
        System.getProperty("java.home"));
  }

  /** What a worker looks for in a distribution when it starts an executor. */
  private static void writeHome(Path home) throws IOException {
    Files.createDirectories(home.resolve("jars"));
    Files.createDirectories(home.resolve("local"));
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.writeString(
        conf.resolve("spark-defaults.conf"),
        """
        # Nobody would look for the master on the next port.
        spark.port.maxRetries 0
        """,
        UTF_8);
    Files.writeString(
        conf.resolve("java-opts"),
        """
        -Djava.io.tmpdir=%s
        -XX:+UseSerialGC
        """
            .formatted(home),
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
