package org.beamtemplates.cli.doctor;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Letters beyond ASCII in file names and on the terminal.
 *
 * @param encoding the encoding of the system
 */
record EncodingCheck(String encoding) implements Check {

  private static final String SUBJECT = "Encoding";

  @Override
  public Finding look() {
    boolean unicode =
        Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    return unicode
        ? Finding.ok(SUBJECT, encoding)
        : Finding.warning(
            SUBJECT,
            encoding + ": other letters than ASCII in file names are lost, on the terminal spoiled",
            "Set LANG to a UTF-8 locale, such as: export LANG=C.UTF-8");
  }
}
