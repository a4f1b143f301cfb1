package org.beamtemplates.runners.dataflow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Permission;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sees every connection that Java code of this JVM tries to open, and every name that it looks up,
 * while it is open. Allows all of it.
 */
@SuppressWarnings("removal") // Deprecated without a successor, and complete as nothing else is.
final class NetworkWatch extends SecurityManager implements AutoCloseable {

  private static final int LOOKUP = -1;

  private final List<String> attempts = new CopyOnWriteArrayList<>();
  private final Set<String> ownNames;

  private NetworkWatch(Set<String> ownNames) {
    this.ownNames = ownNames;
  }

  /** Watches until closed. */
  static NetworkWatch start() {
    NetworkWatch watch = new NetworkWatch(ownNames());
    System.setSecurityManager(watch);
    return watch;
  }

  /** Returns host and port of connections, and the host alone of lookups. */
  List<String> attempts() {
    return List.copyOf(attempts);
  }

  @Override
  public void close() {
    System.setSecurityManager(null);
  }

  @Override
  public void checkConnect(String host, int port) {
    if (port != LOOKUP) {
      attempts.add(host + ":" + port);
    } else if (!ownNames.contains(host)) {
      attempts.add(host);
    }
  }

  @Override
  public void checkConnect(String host, int port, Object context) {
    checkConnect(host, port);
  }

  @Override
  public void checkPermission(Permission permission) {}

  @Override
  public void checkPermission(Permission permission, Object context) {}

  /** Asking for one's own name is no connection. */
  private static Set<String> ownNames() {
    try {
      return Set.of("localhost", InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      return Set.of("localhost");
    } catch (IllegalArgumentException e) {
      // This machine calls itself localhost.
      return Set.of("localhost");
    }
  }
}
