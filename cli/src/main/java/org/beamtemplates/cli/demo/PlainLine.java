package org.beamtemplates.cli.demo;

import java.time.Duration;

/** The same as the screen in one line, for logs. */
final class PlainLine {

  private PlainLine() {}

  static String of(Snapshot now, Duration elapsed) {
    String sent =
        "%5s  sent %s (%s/s)"
            .formatted(
                Numbers.clock(elapsed),
                Numbers.of(now.sent().total()),
                Numbers.of(Math.round(now.sentPerSecond())));
    if (!now.job().running()) {
      return sent + "  the job is starting";
    }
    long dead =
        now.deadLetters().values().stream().mapToLong(Snapshot.DeadLetterCount::count).sum();
    return sent
        + "  read %s (%s/s)  behind %s, %s of event time  final results %s  dead letters %s"
            .formatted(
                Numbers.of(now.job().read()),
                Numbers.of(Math.round(now.job().readPerSecond())),
                Numbers.of(now.lag()),
                Numbers.about(now.behind()),
                Numbers.of(now.store().finalCounts().size()),
                Numbers.of(dead));
  }
}
