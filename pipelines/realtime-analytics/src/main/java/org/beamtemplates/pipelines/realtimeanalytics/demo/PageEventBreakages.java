package org.beamtemplates.pipelines.realtimeanalytics.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.demo.Breakage;

/** What producers send that is no page event. */
final class PageEventBreakages {

  private static final int HEADER = 1 + Integer.BYTES;
  private static final int FOREIGN_IDS = 3;
  private static final long YEAR_2100 = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

  /** Writes an event as the producer would. */
  @FunctionalInterface
  interface Writer {
    byte[] encode(PageEvent event, boolean newerSchema);
  }

  private final Writer writer;
  private final int firstForeignId;

  private PageEventBreakages(Writer writer, int firstForeignId) {
    this.writer = writer;
    this.firstForeignId = firstForeignId;
  }

  /**
   * Returns the ways in which page events are broken.
   *
   * @param schemaIds ids that the registry knows
   */
  static List<Breakage<PageEvent>> of(Writer writer, List<Integer> schemaIds) {
    PageEventBreakages ways =
        new PageEventBreakages(writer, Collections.max(schemaIds) + 1_000_000);
    return List.of(
        new Breakage<>("not Avro", Categories.DECODE, ways::text),
        new Breakage<>("empty value", Categories.DECODE, (event, newer, random) -> new byte[0]),
        new Breakage<>("no value", Categories.DECODE, (event, newer, random) -> null),
        new Breakage<>("wrong magic byte", Categories.DECODE, ways::wrongMagicByte),
        new Breakage<>("unknown schema", Categories.DECODE, ways::unknownSchema),
        new Breakage<>("truncated", Categories.DECODE, ways::truncated),
        new Breakage<>("no event id", Categories.VALIDATE, ways::noEventId),
        new Breakage<>("negative load time", Categories.VALIDATE, ways::negativeLoadTime),
        new Breakage<>("year 2100", Categories.VALIDATE, ways::year2100));
  }

  /** A producer that was configured for text. */
  private byte[] text(PageEvent event, boolean newer, RandomGenerator random) {
    return ("{\"eventId\":\"" + event.getEventId() + "\",\"page\":\"" + event.getPage() + "\"}")
        .getBytes(UTF_8);
  }

  private byte[] wrongMagicByte(PageEvent event, boolean newer, RandomGenerator random) {
    byte[] value = writer.encode(event, newer);
    value[0] = (byte) random.nextInt(1, 256);
    return value;
  }

  /** Few ids: each is looked up in the registry before it is known to be unknown. */
  private byte[] unknownSchema(PageEvent event, boolean newer, RandomGenerator random) {
    byte[] value = writer.encode(event, newer);
    ByteBuffer.wrap(value).putInt(1, firstForeignId + random.nextInt(FOREIGN_IDS));
    return value;
  }

  /** Shorter by a byte at least; the header is whole. */
  private byte[] truncated(PageEvent event, boolean newer, RandomGenerator random) {
    byte[] value = writer.encode(event, newer);
    return Arrays.copyOf(value, random.nextInt(HEADER, value.length));
  }

  private byte[] noEventId(PageEvent event, boolean newer, RandomGenerator random) {
    event.setEventId("");
    return writer.encode(event, newer);
  }

  private byte[] negativeLoadTime(PageEvent event, boolean newer, RandomGenerator random) {
    event.setLoadTimeMs(-1 - random.nextLong(10_000));
    return writer.encode(event, newer);
  }

  /** A clock that is wrong. */
  private byte[] year2100(PageEvent event, boolean newer, RandomGenerator random) {
    event.setEventTimeMs(YEAR_2100);
    return writer.encode(event, newer);
  }
}
