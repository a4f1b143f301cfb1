package org.beamtemplates.benchmarks.speed.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.benchmarks.speed.Workload;
import org.junit.jupiter.api.Test;

class OpenSessionsTest {

  private static final long GAP = Workload.SESSION_GAP.toMillis();

  private final OpenSessions sessions = new OpenSessions();

  @Test
  void keepsApartWhatIsAGapApart() {
    sessions.add(GAP, GAP, 1, 1);
    sessions.add(0, 0, 2, 1);
    sessions.add(2 * GAP, 2 * GAP, 3, 1);

    assertThat(told()).containsExactly("0-0 2 1", "30000-30000 1 1", "60000-60000 3 1");
  }

  @Test
  void mergesWhatIsNearer() {
    sessions.add(GAP, GAP, 1, 1);
    sessions.add(1, 1, 2, 1);

    assertThat(told()).containsExactly("1-30000 3 2");
  }

  @Test
  void closesTheGapBetweenTwo() {
    sessions.add(0, 10, 1, 2);
    sessions.add(GAP + 10, GAP + 10, 2, 1);
    sessions.add(4 * GAP, 4 * GAP, 4, 1);

    sessions.add(GAP, GAP + 1, 8, 2);

    assertThat(told()).containsExactly("0-30010 11 5", "120000-120000 4 1");
  }

  @Test
  void forgetsTheFirst() {
    sessions.add(0, 0, 1, 1);
    sessions.add(GAP, GAP, 2, 1);

    sessions.remove(1);

    assertThat(told()).containsExactly("30000-30000 2 1");
  }

  private List<String> told() {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < sessions.size; i++) {
      told.add(
          "%d-%d %d %d"
              .formatted(sessions.first(i), sessions.last(i), sessions.sum(i), sessions.count(i)));
    }
    return told;
  }
}
