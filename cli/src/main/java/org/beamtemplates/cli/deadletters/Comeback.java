package org.beamtemplates.cli.deadletters;

import java.util.Map;
import java.util.Set;

/**
 * Looks for dead letters of records that were just replayed: those whose previous id was sent. Goes
 * on from where it stopped each time.
 */
final class Comeback implements LetterReader {

  private final TopicSource letters;
  private final Set<String> sent;
  private final Groups groups = new Groups();
  private final SeenIds ids = new SeenIds();
  private Map<Integer, Long> next;

  /**
   * Starts to look.
   *
   * @param sent ids of the dead letters that were replayed
   * @param from where the topic ended before that
   */
  Comeback(TopicSource letters, Set<String> sent, Map<Integer, Long> from) {
    this.letters = letters;
    this.sent = Set.copyOf(sent);
    this.next = Map.copyOf(from);
  }

  /** Reads what is new. */
  void look() {
    next = letters.records(next, found -> TopicSource.open(found, this));
  }

  @Override
  public void letter(Found found) {
    String previous = found.letter().getPreviousId();
    if (previous != null && sent.contains(previous) && ids.add(found.letter().getId())) {
      groups.add(found.letter());
    }
  }

  @Override
  public void malformed(String place, String fault) {
    // No dead letter of a replay.
  }

  /** Returns how many came back. */
  int count() {
    return ids.size();
  }

  boolean isAll() {
    return ids.size() >= sent.size();
  }

  /** Returns what is to be told in the end. */
  String report(int width) {
    String told = "Of " + sent.size() + " sent, " + (count() == 0 ? "none" : count());
    return count() == 0
        ? told + " came back.\n"
        : told + " came back again:\n" + groups.table(width);
  }
}
