package org.beamtemplates.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void bytesThatATerminalWouldObeyAreShownAsHex() {
    byte[] bytes = {0, 0, 0, 7, 'a', 'b', 27, '[', '2', 'J', (byte) 0xff};

    assertThat(Printable.bytes(ByteBuffer.wrap(bytes), 100)).isEqualTo("‹00000007›ab‹1b›[2J‹ff›");
  }

  @Test
  void whatIsCutIsSaidToBe() {
    assertThat(Printable.bytes(ByteBuffer.wrap("abcdef".getBytes(UTF_8)), 3)).isEqualTo("abc…");
    assertThat(Printable.bytes(ByteBuffer.wrap("abc".getBytes(UTF_8)), 3)).isEqualTo("abc");
  }

  @Test
  void textsBecomeOneLine() {
    assertThat(Printable.text(" one\n\ttwo" + (char) 27)).isEqualTo("one two");
  }
}
