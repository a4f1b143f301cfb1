package org.beamtemplates.benchmarks.speed.flink;

import java.util.HashMap;
import java.util.Map;

/** Adds charges of a card up in parts of sessions. */
final class GatherSessions extends Gather<SessionPart> {

  private static final long serialVersionUID = 1L;

  private transient Map<String, OpenSessions> sessions;
  private transient SessionPart part;

  @Override
  public void open() throws Exception {
    super.open();
    sessions = new HashMap<>();
    part = new SessionPart();
  }

  @Override
  void add(Charge charge) {
    sessions
        .computeIfAbsent(charge.card, unused -> new OpenSessions())
        .add(charge.time, charge.time, charge.cents, 1);
  }

  @Override
  void sendAll() {
    for (Map.Entry<String, OpenSessions> entry : sessions.entrySet()) {
      OpenSessions of = entry.getValue();
      part.card = entry.getKey();
      for (int i = 0; i < of.size; i++) {
        part.first = of.first(i);
        part.last = of.last(i);
        part.sum = of.sum(i);
        part.count = of.count(i);
        send(part);
      }
    }
    sessions.clear();
  }
}
