package org.beamtemplates.services;

import java.time.Duration;
import java.util.List;

/**
 * A real HDFS, a NameNode and a DataNode on 127.0.0.1 only, in a JVM of their own: Hadoop's own
 * cluster for tests. Its files are gone when it ends, with {@link #close()}, or with this JVM, even
 * if that is killed.
 *
 * <p>Costs: some eight seconds to start, 256 MB of memory at most. Thread-safe.
 */
public final class LocalHdfs implements AutoCloseable {

  /** In a string: Hadoop is on the child's class path only. */
  private static final String MAIN = "org.apache.hadoop.test.MiniDFSClusterManager";

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int LINES_OF_LOG = 15;

  private final ScratchFolder scratch;
  private final ChildJvm child;
  private final int port;

  private LocalHdfs(ScratchFolder scratch, ChildJvm child, int port) {
    this.scratch = scratch;
    this.child = child;
    this.port = port;
  }

  /**
   * Starts it and returns when it listens.
   *
   * @param classpath with Hadoop's {@code hadoop-client-minicluster}, {@code -runtime} and {@code
   *     -api}, and a logger
   * @throws IllegalStateException if it does not come up; the message has the end of its log
   */
  public static LocalHdfs start(String classpath) {
    ScratchFolder scratch = ScratchFolder.create("hdfs");
    int port = Ports.free();
    ChildJvm child =
        ChildJvm.start(
            classpath,
            MAIN,
            List.of("-format", "-nnport", String.valueOf(port), "-datanodes", "1"),
            scratch.path(),
            "hdfs",
            List.of("-Xmx256m", "-XX:+UseSerialGC"));
    LocalHdfs hdfs = new LocalHdfs(scratch, child, port);
    if (!Poll.until(START_LIMIT, () -> Ports.isListening(port) || !child.isAlive())
        || !child.isAlive()) {
      String log = child.lastLines(LINES_OF_LOG);
      hdfs.close();
      throw new IllegalStateException("HDFS did not start:%n%s".formatted(log));
    }
    return hdfs;
  }

  /** Returns its root, such as {@code hdfs://127.0.0.1:20345}. */
  public String uri() {
    return "hdfs://" + Ports.LOOPBACK + ":" + port;
  }

  @Override
  public void close() {
    child.close();
    scratch.close();
  }
}
