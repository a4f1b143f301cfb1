package org.beamtemplates.services;

import java.io.IOException;
import java.net.Socket;

final class Connections {

  private Connections() {}

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(Ports.loopback(port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
