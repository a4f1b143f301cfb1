package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real ZooKeeper on 127.0.0.1, in a JVM of its own: the one that is in Flink's own libraries. */
final class LocalZooKeeper implements AutoCloseable {

  private static final String MAIN =
      "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";

  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private final ChildJvm server;
  private final int port;

  private LocalZooKeeper(ChildJvm server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts it and returns when it listens.
   *
   * @param classpath of Flink
   * @param folder for its data and its log
   */
  static LocalZooKeeper start(String classpath, Path folder) {
    int port = Ports.free();
    ChildJvm server =
        ChildJvm.start(
            classpath,
            MAIN,
            List.of(writeConfig(folder, port).toString()),
            folder,
            "zookeeper",
            List.of("-Xmx128m", "-XX:+UseSerialGC"));
    LocalZooKeeper keeper = new LocalZooKeeper(server, port);
    if (!Poll.until(START_LIMIT, () -> Ports.isListening(port) || !server.isAlive())
        || !server.isAlive()) {
      keeper.close();
      throw new IllegalStateException("ZooKeeper did not start; see " + server.log());
    }
    return keeper;
  }

  private static Path writeConfig(Path folder, int port) {
    try {
      return Files.writeString(
          folder.resolve("zookeeper.properties"),
          """
          dataDir=%s
          clientPort=%d
          clientPortAddress=%s
          admin.enableServer=false
          """
              .formatted(folder.resolve("zookeeper"), port, Ports.LOOPBACK),
          UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the configuration of ZooKeeper", e);
    }
  }

  /** Returns where clients find it. */
  String address() {
    return Ports.LOOPBACK + ":" + port;
  }

  @Override
  public void close() {
    server.close();
  }
}
