package org.beamtemplates.cli.doctor;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Ports of the loopback address, on which the services of the tests listen.
 *
 * @param canListen whether a port can be listened on; 0 is any port
 */
record PortsCheck(IntPredicate canListen) implements Check {

  private static final String SUBJECT = "Ports";

  // The range from which local-services takes its ports.
  private static final int FIRST = 20_000;
  private static final int LAST = 29_999;
  private static final int STEP = 101;

  @Override
  public Finding look() {
    if (!canListen.test(0)) {
      return Finding.problem(
          SUBJECT,
          "no program can listen on 127.0.0.1",
          "Look for a missing loopback interface (ip addr show lo) or a sandbox that forbids it.");
    }
    List<Integer> tried =
        IntStream.iterate(FIRST, port -> port <= LAST, port -> port + STEP).boxed().toList();
    long free = tried.stream().filter(canListen::test).count();
    String seen =
        "%d of %d tried ports of %d–%d on 127.0.0.1 are free"
            .formatted(free, tried.size(), FIRST, LAST);
    if (free == 0) {
      return Finding.problem(
          SUBJECT, seen, "End what listens there (ss -ltn); the services of the tests need some.");
    }
    return free < tried.size() / 2
        ? Finding.warning(SUBJECT, seen, "End what listens there (ss -ltn), or tests may fail.")
        : Finding.ok(SUBJECT, seen);
  }
}
