package org.beamtemplates.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/**
 * A gate in front of a TCP service on this machine: clients connect to {@link #port()} and reach
 * the service, until the gate is cut.
 *
 * <p>This is how a test makes a service go away and come back: the service keeps its state and its
 * port, and the outage begins and ends exactly at {@link #cut()} and {@link #restore()}. To clients
 * it looks like a stopped process: open connections are closed, new ones are refused.
 *
 * <p>Listens on 127.0.0.1 only. Costs one thread, and two for each open connection; all are daemon
 * threads. Thread-safe.
 */
public final class TcpGate implements AutoCloseable {

  private static final int BIND_ATTEMPTS = 5;

  private final int targetPort;
  private final int port;

  /** Null while the gate is cut. */
  private TcpRelay relay;

  private boolean closed;

  private TcpGate(int targetPort, ServerSocket listener) {
    this.targetPort = targetPort;
    this.port = listener.getLocalPort();
    this.relay = TcpRelay.start(listener, targetPort);
  }

  /**
   * Opens a gate to a service.
   *
   * @param targetPort the service's port on 127.0.0.1; nobody needs to listen there yet
   */
  public static TcpGate to(int targetPort) {
    return new TcpGate(targetPort, listenOnFreePort());
  }

  /**
   * Opens a gate on a given port.
   *
   * @throws PortTakenException if somebody listens there
   */
  static TcpGate to(int targetPort, String service, int port) {
    Ports.requireFree(service, port);
    try {
      return new TcpGate(targetPort, listenOn(port));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on port " + port, e);
    }
  }

  /** The port on 127.0.0.1 that clients use; it stays the same for the life of the gate. */
  public int port() {
    return port;
  }

  /**
   * Takes the service away. When this returns, every connection through the gate is closed and new
   * ones are refused. Does nothing if the gate is cut already.
   */
  public synchronized void cut() {
    if (relay != null) {
      relay.close();
      relay = null;
    }
  }

  /**
   * Gives the service back on the same port. Connections that were cut stay closed. Does nothing if
   * the gate is open.
   *
   * @throws IllegalStateException if the gate is closed
   * @throws UncheckedIOException if another process has taken the port meanwhile
   */
  public synchronized void restore() {
    if (closed) {
      throw new IllegalStateException("The gate on port " + port + " is closed");
    }
    if (relay == null) {
      try {
        relay = TcpRelay.start(listenOn(port), targetPort);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot listen on port " + port + " again", e);
      }
    }
  }

  /** Cuts the gate for good. The service behind it is not touched. */
  @Override
  public synchronized void close() {
    closed = true;
    cut();
  }

  private static ServerSocket listenOnFreePort() {
    IOException last = null;
    for (int attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
      try {
        return listenOn(Ports.free());
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException("Cannot listen on a free port", last);
  }

  private static ServerSocket listenOn(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(Ports.loopback(port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
