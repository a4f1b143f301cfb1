package org.beamtemplates.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of the IPv4 loopback address.
 *
 * <p>They lie below the ranges from which operating systems take the local ports of outgoing
 * connections. So no client can occupy the port of a service that is away for a moment, and no
 * client that keeps trying can end up connected to itself.
 */
final class Ports {

  /** Always IPv4, so that what is bound and what is advertised are the same on every machine. */
  static final String LOOPBACK = "127.0.0.1";

  private static final int FIRST = 20_000;
  private static final int LAST = 30_000;
  private static final int MAX = 65_535;
  private static final int ATTEMPTS = 100;

  private Ports() {}

  /** A port that nobody listened on a moment ago. */
  static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(candidate)) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "No free port among %d tries in [%d, %d)".formatted(ATTEMPTS, FIRST, LAST));
  }

  /**
   * Checks a port that a user has chosen for a service.
   *
   * @throws IllegalArgumentException if no port has that number
   * @throws PortTakenException if somebody listens there
   */
  static void requireFree(String service, int port) {
    if (port < 1 || port > MAX) {
      throw new IllegalArgumentException(
          "%d is no port for %s: choose one from 1 to %d".formatted(port, service, MAX));
    }
    if (!isFree(port)) {
      throw new PortTakenException(service, port);
    }
  }

  static InetSocketAddress loopback(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  /** Returns whether somebody takes connections there. */
  static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(loopback(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(loopback(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
