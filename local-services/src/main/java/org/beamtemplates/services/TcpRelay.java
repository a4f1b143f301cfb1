package org.beamtemplates.services;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes every connection that a listener accepts on to a service, until it is closed. */
final class TcpRelay implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(TcpRelay.class);

  private final ServerSocket listener;
  private final int targetPort;
  private final Set<Closeable> sockets = new HashSet<>();
  private final Set<Thread> threads = new HashSet<>();
  private boolean closed;

  private TcpRelay(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
    sockets.add(listener);
  }

  /** Takes over a bound listener, and closes it in the end. */
  static TcpRelay start(ServerSocket listener, int targetPort) {
    TcpRelay relay = new TcpRelay(listener, targetPort);
    relay.run("accept", relay::acceptUntilClosed);
    return relay;
  }

  /**
   * Closes the listener and all connections, and waits for the threads that work on them: the
   * operating system keeps a socket alive as long as a thread blocks on it, closed or not.
   */
  @Override
  public void close() {
    List<Thread> working;
    synchronized (this) {
      closed = true;
      sockets.forEach(TcpRelay::closeQuietly);
      sockets.clear();
      working = List.copyOf(threads);
    }
    working.forEach(TcpRelay::join);
  }

  private void acceptUntilClosed() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (admit(client)) {
          run("request", () -> connect(client));
        }
      } catch (IOException e) {
        LOG.debug("{} stopped accepting, or lost a client", this, e);
      }
    }
  }

  private void connect(Socket client) {
    Socket service = new Socket();
    if (!admit(service)) {
      return;
    }
    try {
      service.connect(Ports.loopback(targetPort));
      client.setTcpNoDelay(true);
      service.setTcpNoDelay(true);
    } catch (IOException e) {
      LOG.debug("{} does not reach the service", this, e);
      dismiss(client, service);
      return;
    }
    run("answer", () -> copy(service, client));
    copy(client, service);
  }

  /** Copies until the sender is done, and tells the receiver; the other direction stays open. */
  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
      if (from.isOutputShutdown()) {
        dismiss(from, to);
      }
    } catch (IOException e) {
      LOG.debug("{} lost a connection", this, e);
      dismiss(from, to);
    }
  }

  private synchronized boolean admit(Socket socket) {
    if (closed) {
      closeQuietly(socket);
      return false;
    }
    return sockets.add(socket);
  }

  private synchronized void dismiss(Socket... done) {
    for (Socket socket : done) {
      closeQuietly(socket);
      sockets.remove(socket);
    }
  }

  private synchronized void run(String task, Runnable body) {
    if (closed) {
      return;
    }
    Thread thread = new Thread(() -> runAndForget(body), this + "-" + task);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void runAndForget(Runnable body) {
    try {
      body.run();
    } finally {
      synchronized (this) {
        threads.remove(Thread.currentThread());
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A socket did not close in order", e);
    }
  }

  @Override
  public String toString() {
    return "tcp-relay-" + listener.getLocalPort() + "-to-" + targetPort;
  }
}
