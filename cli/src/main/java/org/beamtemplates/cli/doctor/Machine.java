package org.beamtemplates.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The facts of this machine. */
final class Machine {

  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: *(\\d+) kB$");
  private static final Pattern REPOSITORY =
      Pattern.compile("<localRepository>\\s*([^<\\s]+)\\s*</localRepository>");
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final int PATIENCE_MS = 3000;

  private Machine() {}

  static long memory() {
    return system().getTotalMemorySize();
  }

  /** Returns what is free or would be freed for a program that asks. */
  static long availableMemory() {
    try {
      Matcher matcher = AVAILABLE.matcher(Files.readString(MEMORY, UTF_8));
      if (matcher.find()) {
        return Math.min(memory(), Long.parseLong(matcher.group(1)) * 1024);
      }
    } catch (IOException e) {
      // No Linux: the JVM knows less.
    }
    return system().getFreeMemorySize();
  }

  private static OperatingSystemMXBean system() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }

  static boolean hasCompiler() {
    return javax.tools.ToolProvider.getSystemJavaCompiler() != null;
  }

  static boolean canListen(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int status(String address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
    connection.setRequestMethod("HEAD");
    connection.setConnectTimeout(PATIENCE_MS);
    connection.setReadTimeout(PATIENCE_MS);
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  /** Looks at a folder, or at the nearest one above that exists: the folder can be made there. */
  static FolderCheck.State state(Path folder) {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      return new FolderCheck.State(canWrite(existing), free);
    } catch (IOException e) {
      return new FolderCheck.State(false, 0);
    }
  }

  /** Permissions alone do not tell of a disk that is read only. */
  private static boolean canWrite(Path folder) {
    try {
      Files.delete(Files.createTempFile(folder, ".doctor-", ""));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns where Maven keeps libraries: as its settings say, or the usual place. */
  static Path mavenRepository(Path userHome) {
    Path maven = userHome.resolve(".m2");
    return setting(maven.resolve("settings.xml")).orElse(maven.resolve("repository"));
  }

  private static Optional<Path> setting(Path settings) {
    try {
      Matcher matcher =
          REPOSITORY.matcher(COMMENT.matcher(Files.readString(settings, UTF_8)).replaceAll(""));
      return matcher.find() && matcher.group(1).indexOf('$') < 0
          ? Optional.of(Path.of(matcher.group(1)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns where the services of the tests are unpacked: the same places as local-services. */
  static Path cache(Path userHome, String ours, String users) {
    if (!ours.isBlank()) {
      return Path.of(ours);
    }
    return (users.isBlank() ? userHome.resolve(".cache") : Path.of(users))
        .resolve("beam-templates");
  }
}
