package org.beamtemplates.services;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker in a JVM of its own, with a class path of its own. */
final class KafkaInOwnJvm implements KafkaNode {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int LINES_OF_LOG = 15;

  private final ChildJvm child;

  private KafkaInOwnJvm(ChildJvm child) {
    this.child = child;
  }

  /**
   * Starts it and returns when it serves clients.
   *
   * @param classpath what this module needs at runtime, without the module itself
   */
  static KafkaInOwnJvm start(KafkaSettings settings, String classpath, Path folder) {
    Path file = folder.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      settings.toProperties().store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the settings of Kafka", e);
    }
    KafkaInOwnJvm kafka =
        new KafkaInOwnJvm(
            ChildJvm.start(
                thisModule() + File.pathSeparator + classpath,
                KafkaMain.class.getName(),
                List.of(file.toString()),
                folder,
                "kafka",
                List.of("-Xmx384m", "-XX:+UseSerialGC", "-Xshare:auto")));
    try {
      kafka.awaitStart(settings.brokerPort());
      return kafka;
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private void awaitStart(int port) {
    Poll.until(START_LIMIT, () -> Ports.isListening(port) || !child.isAlive());
    try (KafkaClients clients = KafkaClients.of(Ports.LOOPBACK + ":" + port)) {
      if (!child.isAlive() || !Poll.until(START_LIMIT, () -> clients.nodes() == 1)) {
        throw new IllegalStateException(
            "Kafka did not start in a JVM of its own:\n" + child.lastLines(LINES_OF_LOG));
      }
    }
  }

  private static String thisModule() {
    URL home = KafkaInOwnJvm.class.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(home.toString())).toString();
  }

  /** Its data is not needed any more, so it is not asked. */
  @Override
  public void close() {
    child.close();
  }
}
