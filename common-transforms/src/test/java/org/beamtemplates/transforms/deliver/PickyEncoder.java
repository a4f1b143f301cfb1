package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;

/** Writes text as it is, unless it begins with an exclamation mark. */
final class PickyEncoder implements Encoder<String> {

  private static final long serialVersionUID = 1L;

  @Override
  public byte[] encode(String value) throws EncodeException {
    if (value.startsWith("!")) {
      throw new EncodeException("not so loud");
    }
    return value.getBytes(UTF_8);
  }

  @Override
  public String contentType() {
    return "text/plain";
  }
}
