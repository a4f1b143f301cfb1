package org.beamtemplates.cli.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** An Avro body as JSON for people. */
final class AvroJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private AvroJson() {}

  /**
   * Returns the value of the body, which begins at the offset.
   *
   * @throws UndecodedException if the bytes are no such value
   */
  static String of(Schema schema, byte[] bytes, int offset) throws UndecodedException {
    try {
      // Skipping allocates nothing: bytes that claim to be gigabytes end here.
      BinaryDecoder skimmed = decoder(bytes, offset);
      GenericDatumReader.skip(schema, skimmed);
      int left = skimmed.inputStream().available();
      if (left > 0) {
        throw new UndecodedException(
            "as %s, %d bytes are left after the value".formatted(schema.getFullName(), left));
      }
      Object value = new GenericDatumReader<>(schema).read(null, decoder(bytes, offset));
      return pretty(JSON.readTree(GenericData.get().toString(value)));
    } catch (EOFException e) {
      throw new UndecodedException("as " + schema.getFullName() + ", it is truncated");
    } catch (IOException | RuntimeException e) {
      throw new UndecodedException(
          "it is no %s (%s)".formatted(schema.getFullName(), Texts.line(String.valueOf(e), 200)));
    }
  }

  /**
   * Returns a JSON document with line breaks.
   *
   * @throws UndecodedException if the bytes are none
   */
  static String ofJson(byte[] bytes) throws UndecodedException {
    try {
      JsonNode node = JSON.readTree(new ByteArrayInputStream(bytes));
      if (node == null || node.isMissingNode()) {
        throw new UndecodedException("it is empty");
      }
      return pretty(node);
    } catch (IOException | RuntimeException e) {
      String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "" + e;
      throw new UndecodedException("it is not JSON (" + Texts.line(why, 200) + ")");
    }
  }

  private static String pretty(JsonNode node) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  private static BinaryDecoder decoder(byte[] bytes, int offset) throws IOException {
    if (offset > bytes.length) {
      throw new EOFException();
    }
    return DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
  }
}
