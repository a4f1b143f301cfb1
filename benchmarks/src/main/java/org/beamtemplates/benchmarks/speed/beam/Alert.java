package org.beamtemplates.benchmarks.speed.beam;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** What W6 finds; see {@link org.beamtemplates.benchmarks.speed.CardHistory}. */
record Alert(String card, long timeMillis, int rule, long value) {

  static final class AlertCoder extends CustomCoder<Alert> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Alert alert, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(alert.card(), out);
      VarInt.encode(alert.timeMillis(), out);
      VarInt.encode(alert.rule(), out);
      VarInt.encode(alert.value(), out);
    }

    @Override
    public Alert decode(InputStream in) throws IOException {
      return new Alert(
          StringUtf8Coder.of().decode(in),
          VarInt.decodeLong(in),
          VarInt.decodeInt(in),
          VarInt.decodeLong(in));
    }
  }
}
