package org.beamtemplates.services;

/** The port that a service was to listen on is in use. Nothing was started. */
public final class PortTakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String service;
  private final int port;

  PortTakenException(String service, int port) {
    super(
        "Port %d of %s, where %s should listen, is taken: end the program that listens there, or choose another port"
            .formatted(port, Ports.LOOPBACK, service));
    this.service = service;
    this.port = port;
  }

  /** What was to listen there, such as {@code Kafka}. */
  public String service() {
    return service;
  }

  /** The port that is taken. */
  public int port() {
    return port;
  }
}
