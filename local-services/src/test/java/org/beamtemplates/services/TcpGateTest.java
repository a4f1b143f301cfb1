package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpGateTest {

  private ServerSocket service;
  private TcpGate gate;

  @BeforeEach
  void start() throws IOException {
    service = new ServerSocket();
    service.bind(Ports.loopback(0));
    gate = TcpGate.to(service.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    gate.close();
    service.close();
  }

  @Test
  void passesBytesBothWaysAndTheEndOfEach() throws IOException {
    try (Socket client = connect();
        Socket accepted = service.accept()) {
      client.getOutputStream().write("question".getBytes(UTF_8));
      client.shutdownOutput();
      assertThat(accepted.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("question");

      accepted.getOutputStream().write("answer".getBytes(UTF_8));
      accepted.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("answer");
    }
  }

  @Test
  void cutEndsOpenConnectionsOnBothSides() throws IOException {
    try (Socket client = connect();
        Socket accepted = service.accept()) {
      client.getOutputStream().write(1);
      assertThat(accepted.getInputStream().read()).isEqualTo(1);

      gate.cut();

      assertThat(hasEnded(client)).isTrue();
      assertThat(hasEnded(accepted)).isTrue();
    }
  }

  @Test
  void cutRefusesNewConnections() {
    gate.cut();
    gate.cut();

    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
  }

  @Test
  void restoreOpensTheSamePort() throws IOException {
    int port = gate.port();
    gate.cut();

    gate.restore();
    gate.restore();

    assertThat(gate.port()).isEqualTo(port);
    try (Socket client = connect();
        Socket accepted = service.accept()) {
      accepted.getOutputStream().write(7);
      assertThat(client.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void restoreWorksAfterManyOutages() throws IOException {
    for (int outage = 0; outage < 20; outage++) {
      try (Socket client = connect();
          Socket accepted = service.accept()) {
        client.getOutputStream().write(outage);
        assertThat(accepted.getInputStream().read()).isEqualTo(outage);
        gate.cut();
        gate.restore();
      }
    }
  }

  @Test
  void closesAClientWhenNobodyListensBehind() throws IOException {
    service.close();

    try (Socket client = connect()) {
      assertThat(hasEnded(client)).isTrue();
    }
  }

  @Test
  void aClosedGateStaysClosed() {
    gate.close();

    assertThatThrownBy(gate::restore).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
  }

  private Socket connect() throws IOException {
    return Connections.connect(gate.port());
  }

  private static boolean hasEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }
}
