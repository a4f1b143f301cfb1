package org.beamtemplates.services;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A real PostgreSQL server on this machine, on 127.0.0.1 only.
 *
 * <p>Has one database, {@code postgres}, and one user, {@code postgres}, who may do everything and
 * needs no password; a role that is created with a password needs it. Data lives in a temporary
 * folder and does not survive a crash of the machine. {@link #close()} stops the server and deletes
 * its data, and so does an orderly exit of the JVM; a JVM that is killed takes the server along
 * (not on Windows) and leaves the temporary folder.
 *
 * <p>Works for a normal user, and for root where {@code unshare} may make a user namespace: the
 * server refuses to run as root.
 *
 * <p>Costs: some seconds to start and to stop, some 50 MB of memory, and a process for each
 * connection. The first start for a user unpacks 60 MB into the cache that {@link
 * LocalSchemaRegistry} uses. Several can run at once. Thread-safe.
 */
public final class LocalPostgres implements AutoCloseable {

  private static final String SERVICE = "PostgreSQL";
  private static final String USER = "postgres";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  /** Whoever is not the superuser has to know a password. */
  private static final String HOST_RULES =
      """
      host all %1$s %2$s/32 trust
      host all all  %2$s/32 scram-sha-256
      """
          .formatted(USER, Ports.LOOPBACK);

  private final ScratchFolder scratch;
  private final PostgresGuard guard;
  private final EmbeddedPostgres server;
  private final ProcessHandle process;
  private final TcpGate gate;
  private final ExitHook exitHook;
  private boolean closed;

  private LocalPostgres(
      ScratchFolder scratch, PostgresGuard guard, EmbeddedPostgres server, ProcessHandle process) {
    this.scratch = scratch;
    this.guard = guard;
    this.server = server;
    this.process = process;
    this.gate = TcpGate.to(server.getPort());
    this.exitHook = ExitHook.onExit("local-postgres", this::close);
  }

  /**
   * Starts a server on a free port and returns when it answers.
   *
   * @throws IllegalStateException if it does not come up
   */
  public static LocalPostgres start() {
    return startOn(Ports.free());
  }

  /**
   * Starts a server on a given port and returns when it answers.
   *
   * @param port where {@link #jdbcUrl()} shall be, 1 to 65535
   * @throws PortTakenException if somebody listens there
   * @throws IllegalStateException if it does not come up
   */
  public static LocalPostgres start(int port) {
    Ports.requireFree(SERVICE, port);
    return startOn(port);
  }

  /** The database's address, {@code jdbc:postgresql://127.0.0.1:port/postgres}. */
  public String jdbcUrl() {
    return urlAt(server.getPort());
  }

  /**
   * The database's address through {@link #gate()}: clients that connect here lose the database
   * when the gate is cut, while {@link #jdbcUrl()} and this class's own methods keep it.
   */
  public String gatedJdbcUrl() {
    return urlAt(gate.port());
  }

  /** The gate in front of {@link #gatedJdbcUrl()}. */
  public TcpGate gate() {
    return gate;
  }

  /** The superuser, who needs no password. */
  public String user() {
    return USER;
  }

  /** A new connection of the superuser, which the caller closes. */
  public Connection connect() throws SQLException {
    return connect(jdbcUrl());
  }

  /**
   * Executes one statement, or several with semicolons between them, as the superuser.
   *
   * @throws IllegalStateException if the server refuses; the message has its answer
   */
  public void execute(String sql) {
    execute(jdbcUrl(), sql);
  }

  /** Stops the server and deletes its data. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    exitHook.cancel();
    gate.close();
    stop(server);
    // The library has an exit hook of its own, which may be stopping the server right now.
    Poll.until(STOP_LIMIT, () -> !process.isAlive());
    guard.close();
    scratch.close();
  }

  long pid() {
    return process.pid();
  }

  Path scratchFolder() {
    return scratch.path();
  }

  private static LocalPostgres startOn(int port) {
    ScratchFolder scratch = ScratchFolder.create("postgres");
    Path data = scratch.path().resolve("data");
    PostgresGuard guard = PostgresGuard.of(data);
    try {
      EmbeddedPostgres server = startServer(data, port, scratch.path().resolve("postgres.log"));
      Files.writeString(data.resolve("pg_hba.conf"), HOST_RULES);
      execute(urlAt(port), "SELECT pg_reload_conf()");
      return new LocalPostgres(scratch, guard, server, processOf(data));
    } catch (IOException | RuntimeException e) {
      guard.abandon();
      String log = logOf(scratch);
      scratch.close();
      throw new IllegalStateException("PostgreSQL did not start. Its log:\n" + log, e);
    }
  }

  private static EmbeddedPostgres startServer(Path data, int port, Path log) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setOverrideWorkingDirectory(CacheFolder.locate().resolve("postgres").toFile())
        .setServerConfig("listen_addresses", Ports.LOOPBACK)
        // No socket file in the folder for temporary files of all users.
        .setServerConfig("unix_socket_directories", "")
        .setLocaleConfig("locale", "C")
        .setOutputRedirector(Redirect.appendTo(log.toFile()))
        .setErrorRedirector(Redirect.appendTo(log.toFile()))
        .setPGStartupWait(START_LIMIT)
        .start();
  }

  private static void execute(String url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL refused: " + e.getMessage(), e);
    }
  }

  private static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, USER, null);
  }

  private static ProcessHandle processOf(Path data) throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new IllegalStateException("PostgreSQL ended as soon as it was up"));
  }

  private static String logOf(ScratchFolder scratch) {
    try {
      return Files.readString(scratch.path().resolve("postgres.log"));
    } catch (IOException e) {
      return "(cannot be read: " + e + ")";
    }
  }

  private static void stop(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop PostgreSQL", e);
    }
  }

  private static String urlAt(int port) {
    return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/postgres";
  }
}
