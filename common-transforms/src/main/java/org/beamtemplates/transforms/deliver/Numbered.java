package org.beamtemplates.transforms.deliver;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A record with its place in the order of its shard.
 *
 * @param job tells the job, from its first record on, from every other
 * @param number counts the records of the shard, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Numbered(String job, long number, byte[] key, byte[] value) {

  Numbered {
    requireNonNull(job, "job");
    requireNonNull(key, "key");
    requireNonNull(value, "value");
  }

  static Coder<Numbered> coder() {
    return new NumberedCoder();
  }

  private static final class NumberedCoder extends AtomicCoder<Numbered> {

    private static final long serialVersionUID = 1L;
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    @Override
    public void encode(Numbered numbered, OutputStream out) throws IOException {
      STRING.encode(numbered.job(), out);
      LONG.encode(numbered.number(), out);
      BYTES.encode(numbered.key(), out);
      BYTES.encode(numbered.value(), out);
    }

    @Override
    public Numbered decode(InputStream in) throws IOException {
      String job = STRING.decode(in);
      long number = LONG.decode(in);
      return new Numbered(job, number, BYTES.decode(in), BYTES.decode(in));
    }
  }
}
