package org.beamtemplates.services;

import static java.net.HttpURLConnection.HTTP_OK;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An emulation of S3, S3Proxy, on 127.0.0.1 only, in a JVM of its own: it answers S3's requests
 * from its memory, which is gone when it ends, with {@link #close()}, or with this JVM, even if
 * that is killed. What Amazon's service does beyond the API (limits, consistency under load,
 * outages) it does not show.
 *
 * <p>It asks for no credentials; clients may give any.
 *
 * <p>Costs: some four seconds to start, 256 MB of memory at most. Thread-safe.
 */
public final class LocalS3 implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int LINES_OF_LOG = 15;

  private final ScratchFolder scratch;
  private final ChildJvm child;
  private final int port;

  private LocalS3(ScratchFolder scratch, ChildJvm child, int port) {
    this.scratch = scratch;
    this.child = child;
    this.port = port;
  }

  /**
   * Starts it and returns when it answers.
   *
   * @param jar S3Proxy with all that it needs
   * @throws IllegalStateException if it does not come up; the message has the end of its log
   */
  public static LocalS3 start(Path jar) {
    ScratchFolder scratch = ScratchFolder.create("s3");
    int port = Ports.free();
    ChildJvm child =
        ChildJvm.start(
            jar.toAbsolutePath().toString(),
            "org.gaul.s3proxy.Main",
            List.of("--properties", settings(scratch.path(), port).toString()),
            scratch.path(),
            "s3",
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-DLOG_LEVEL=warn"));
    LocalS3 s3 = new LocalS3(scratch, child, port);
    if (!Poll.until(START_LIMIT, () -> Ports.isListening(port) || !child.isAlive())
        || !child.isAlive()) {
      String log = child.lastLines(LINES_OF_LOG);
      s3.close();
      throw new IllegalStateException("S3Proxy did not start:%n%s".formatted(log));
    }
    return s3;
  }

  private static Path settings(Path folder, int port) {
    try {
      return Files.writeString(
          folder.resolve("s3proxy.properties"),
          """
          s3proxy.authorization=none
          s3proxy.endpoint=http://%s:%d
          s3proxy.ignore-unknown-headers=true
          jclouds.provider=transient
          jclouds.identity=local
          jclouds.credential=local
          """
              .formatted(Ports.LOOPBACK, port),
          UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the settings of S3Proxy", e);
    }
  }

  /** Returns where clients reach it, with the bucket in the path: {@code http://127.0.0.1:port}. */
  public String endpoint() {
    return "http://" + Ports.LOOPBACK + ":" + port;
  }

  /**
   * Creates a bucket.
   *
   * @throws UncheckedIOException if it is there already, or cannot be created
   */
  public void createBucket(String name) {
    HttpRequest create =
        HttpRequest.newBuilder(URI.create(endpoint() + "/" + name))
            .PUT(BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(create, BodyHandlers.ofString());
      if (response.statusCode() != HTTP_OK) {
        throw new IOException("HTTP " + response.statusCode() + " " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create the bucket " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a bucket was created", e);
    }
  }

  @Override
  public void close() {
    child.close();
    scratch.close();
  }
}
