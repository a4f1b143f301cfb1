package org.beamtemplates.cli.create;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is in a file.
 *
 * @param bytes its bytes
 * @param executable whether it can be started
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
record Content(byte[] bytes, boolean executable) {

  static Content of(Path file) throws IOException {
    return new Content(Files.readAllBytes(file), Files.isExecutable(file));
  }

  static Content ofText(String text) {
    return new Content(text.getBytes(UTF_8), false);
  }

  Content withText(String text) {
    return new Content(text.getBytes(UTF_8), executable);
  }

  /** Returns the text, unless this is none. */
  Optional<String> text() {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
