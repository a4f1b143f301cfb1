package org.beamtemplates.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.ToLongFunction;

/** How much room the demo needs, and whether it is there. */
final class DiskNeed {

  /** PostgreSQL with its log, the registry, Kafka's indexes, checkpoints. */
  private static final long SERVICES = 700_000_000;

  /** A record in Kafka, and its share of dead letters: about 200 bytes, measured. */
  private static final long PER_RECORD = 300;

  /** A line of JSON. */
  private static final long PER_KEPT_RECORD = 400;

  private DiskNeed() {}

  static long ofServices(int perSecond, Duration length) {
    return SERVICES + perSecond * length.toSeconds() * PER_RECORD;
  }

  static long ofKept(int perSecond, Duration length) {
    return perSecond * length.toSeconds() * PER_KEPT_RECORD;
  }

  /**
   * Checks that there is room.
   *
   * @throws Refusal if there is not
   */
  static void require(Path folder, long needed, String remedy, ToLongFunction<Path> freeIn) {
    long free = freeIn.applyAsLong(folder);
    if (free < needed) {
      throw new Refusal(
          "There is too little room in %s: %s free, %s needed. %s"
              .formatted(folder, Numbers.bytes(free), Numbers.bytes(needed), remedy));
    }
  }

  static long freeIn(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot ask how much room there is in " + folder, e);
    }
  }
}
