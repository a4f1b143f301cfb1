package org.beamtemplates.runners.flink.exactness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.beamtemplates.transforms.codec.Encoder;

/** Writes a pane as a line of columns, and reads it again. */
final class PaneText implements Encoder<WindowResult<String, String>> {

  private static final long serialVersionUID = 1L;
  private static final String COLUMN = "\t";

  @Override
  public byte[] encode(WindowResult<String, String> pane) {
    return String.join(
            COLUMN,
            pane.key(),
            Long.toString(pane.windowStartMillis()),
            Long.toString(pane.windowEndMillis()),
            pane.timing().name(),
            Long.toString(pane.revision()),
            pane.value())
        .getBytes(UTF_8);
  }

  static WindowResult<String, String> decode(byte[] bytes) {
    List<String> columns = List.of(new String(bytes, UTF_8).split(COLUMN, -1));
    return new WindowResult<>(
        columns.get(0),
        columns.get(5),
        Long.parseLong(columns.get(1)),
        Long.parseLong(columns.get(2)),
        Timing.valueOf(columns.get(3)),
        Long.parseLong(columns.get(4)));
  }

  @Override
  public String contentType() {
    return "text/tab-separated-values";
  }
}
