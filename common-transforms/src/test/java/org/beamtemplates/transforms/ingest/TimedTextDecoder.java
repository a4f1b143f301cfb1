package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.record.RawRecord;

/** Reads {@code text@millis}, and shows how small a decoder of one's own can be. */
final class TimedTextDecoder implements Decoder<String> {

  private static final long serialVersionUID = 1L;

  @Override
  public String decode(RawRecord raw) throws DecodeException {
    byte[] value = raw.value();
    if (value == null) {
      throw new DecodeException("the record has no value");
    }
    String text = new String(value, UTF_8);
    if (text.startsWith("bug")) {
      throw new IllegalStateException("a decoder with a bug");
    }
    if (!text.matches("[a-z0-9-]+@-?\\d+")) {
      throw new DecodeException("not text@millis");
    }
    return text;
  }

  static long eventTime(String text) {
    return Long.parseLong(text.substring(text.indexOf('@') + 1));
  }

  static EventTimeExtractor extractor() {
    return EventTimeExtractor.decoding(new TimedTextDecoder(), TimedTextDecoder::eventTime);
  }

  @Override
  public TypeDescriptor<String> type() {
    return TypeDescriptors.strings();
  }

  @Override
  public Coder<String> coder() {
    return StringUtf8Coder.of();
  }

  @Override
  public String contentType() {
    return "text/plain";
  }
}
