package org.beamtemplates.benchmarks.speed.beam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.beamtemplates.transforms.codec.Encoder;

/** What W6 needs of a payment. */
record Charge(String card, long cents) {

  static final class ChargeCoder extends CustomCoder<Charge> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Charge charge, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(charge.card(), out);
      VarInt.encode(charge.cents(), out);
    }

    @Override
    public Charge decode(InputStream in) throws IOException {
      return new Charge(StringUtf8Coder.of().decode(in), VarInt.decodeLong(in));
    }

    @Override
    public void verifyDeterministic() {}
  }

  static final class ChargeEncoder implements Encoder<Charge> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(Charge charge) {
      return charge.toString().getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
