package org.beamtemplates.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Ends a PostgreSQL server as soon as the JVM that made this guard is gone.
 *
 * <p>The server is a daemon: no child of ours that a closed pipe would reach. So a shell waits in
 * its place. Its standard input is a pipe whose other end this JVM holds open and never writes to;
 * when the JVM has ended, however it ended, the shell reads the server's process id from the data
 * folder and tells it to quit at once, after waiting some seconds for the id of one that is just
 * starting. The file is gone when the server has ended in order before.
 *
 * <p>There is no such guard on Windows, which has no shell.
 */
final class PostgresGuard implements AutoCloseable {

  /** Ctrl-C reaches all processes of a terminal; the guard must outlive this JVM. */
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      tries=1
      read -r _ || tries=50
      while [ "$tries" -gt 0 ]; do
        if [ -s "$0/postmaster.pid" ]; then
          kill -QUIT "$(head -n 1 "$0/postmaster.pid")"
          exit
        fi
        tries=$((tries - 1))
        sleep 0.1
      done
      """;

  private final Optional<Process> shell;

  private PostgresGuard(Optional<Process> shell) {
    this.shell = shell;
  }

  /**
   * Starts to watch over the server of a data folder, which need not exist yet: begun before the
   * server, the guard also covers its start.
   */
  static PostgresGuard of(Path dataFolder) {
    if (isWindows()) {
      return new PostgresGuard(Optional.empty());
    }
    try {
      Process shell =
          new ProcessBuilder(List.of("sh", "-c", SCRIPT, dataFolder.toString()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new PostgresGuard(Optional.of(shell));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start a shell to watch over PostgreSQL", e);
    }
  }

  /** Leaves the guard to itself: it ends a server that is starting, or gives up after 5 s. */
  void abandon() {
    shell.ifPresent(PostgresGuard::closePipe);
  }

  /** Ends the guard, and the server if it still runs. */
  @Override
  public void close() {
    shell.ifPresent(PostgresGuard::end);
  }

  private static void end(Process shell) {
    try {
      // A line says that no server is just starting.
      shell.getOutputStream().write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to the guard's pipe", e);
    }
    closePipe(shell);
    shell.onExit().join();
  }

  private static void closePipe(Process shell) {
    try {
      shell.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the guard's pipe", e);
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }
}
