package org.beamtemplates.pipelines.deadletterreplay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Coder of parcels: id, place, fault, key, value. */
final class ParcelCoder extends AtomicCoder<Parcel> {

  private static final long serialVersionUID = 1L;
  private static final StringUtf8Coder STRING = StringUtf8Coder.of();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final Coder<byte[]> KEY = NullableCoder.of(BYTES);

  @Override
  public void encode(Parcel parcel, OutputStream out) throws IOException {
    STRING.encode(parcel.id(), out);
    STRING.encode(parcel.place(), out);
    STRING.encode(parcel.fault(), out);
    KEY.encode(parcel.key(), out);
    BYTES.encode(parcel.value(), out);
  }

  @Override
  public Parcel decode(InputStream in) throws IOException {
    String id = STRING.decode(in);
    String place = STRING.decode(in);
    String fault = STRING.decode(in);
    byte[] key = KEY.decode(in);
    return Parcel.of(id, place, key, BYTES.decode(in), fault);
  }
}
