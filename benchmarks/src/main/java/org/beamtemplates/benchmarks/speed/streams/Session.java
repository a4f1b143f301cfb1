package org.beamtemplates.benchmarks.speed.streams;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.beamtemplates.benchmarks.speed.Workload;

/** A session of W4 that may go on; times in ms since the epoch. */
record Session(long first, long last, long sum, long count) {

  private static final long GAP = Workload.SESSION_GAP.toMillis();
  private static final int BYTES = 4 * Long.BYTES;

  /** All open sessions of a card: 32 bytes each. */
  static final Serde<List<Session>> SERDE =
      Serdes.serdeFrom((topic, sessions) -> encoded(sessions), (topic, bytes) -> decoded(bytes));

  private static byte[] encoded(List<Session> sessions) {
    if (sessions == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(sessions.size() * BYTES);
    for (Session one : sessions) {
      bytes.putLong(one.first).putLong(one.last).putLong(one.sum).putLong(one.count);
    }
    return bytes.array();
  }

  private static List<Session> decoded(byte[] encoded) {
    if (encoded == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    List<Session> sessions = new ArrayList<>(2);
    while (bytes.hasRemaining()) {
      sessions.add(new Session(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()));
    }
    return sessions;
  }

  boolean isNear(Session other) {
    return other.first - last < GAP && first - other.last < GAP;
  }

  boolean isClosed(long watermark) {
    return last + GAP <= watermark;
  }

  Session with(Session other) {
    return new Session(
        Math.min(first, other.first),
        Math.max(last, other.last),
        sum + other.sum,
        count + other.count);
  }
}
