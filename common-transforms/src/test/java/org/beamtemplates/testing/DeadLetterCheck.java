package org.beamtemplates.testing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Holds dead letters against what a test expects, one expectation a letter:
 *
 * <pre>{@code
 * DeadLetterCheck.of(letters)
 *     .has(letter("DECODE").from(Origin.kafka("page-events", 0, 7)).payload("not JSON"))
 *     .has(letter("LATE").stage("aggregate"))
 *     .noOthers();
 * }</pre>
 *
 * <p>An expectation takes the first letter that meets it and that none before has taken, so the
 * strictest comes first. A failure shows all letters, and in what they differ.
 */
public final class DeadLetterCheck {

  private static final int SHOWN = 60;

  private final List<DeadLetter> letters;

  /** Places of the letters that were expected. */
  private final BitSet taken = new BitSet();

  private DeadLetterCheck(List<DeadLetter> letters) {
    this.letters = List.copyOf(letters);
  }

  /** Checks dead letters that were caught, or read back from where they were written. */
  public static DeadLetterCheck of(List<DeadLetter> letters) {
    return new DeadLetterCheck(letters);
  }

  /** There is such a dead letter. */
  public DeadLetterCheck has(ExpectedLetter expected) {
    return has(1, expected);
  }

  /** There are as many such dead letters. */
  public DeadLetterCheck has(int count, ExpectedLetter expected) {
    if (count < 1) {
      throw new IllegalArgumentException("expect 1 at least, not " + count + "; see noOthers()");
    }
    BitSet found = new BitSet();
    for (int i = 0; i < letters.size() && found.cardinality() < count; i++) {
      found.set(i, !taken.get(i) && expected.differences(letters.get(i)).isEmpty());
    }
    if (found.cardinality() < count) {
      throw new AssertionError(
          (count == 1
                  ? "No dead letter has "
                  : found.cardinality() + " instead of " + count + " dead letters have ")
              + expected
              + ".\n"
              + all(expected));
    }
    taken.or(found);
    return this;
  }

  /** There are none that have not been expected. */
  public void noOthers() {
    int others = letters.size() - taken.cardinality();
    if (others > 0) {
      TextTable table = new TextTable("category", "stage", "origin", "message", "payload");
      for (int i = taken.nextClearBit(0); i < letters.size(); i = taken.nextClearBit(i + 1)) {
        table.add(cells(letters.get(i)).toArray());
      }
      throw new AssertionError(
          (others == 1 ? "1 dead letter" : others + " dead letters")
              + " more than expected:\n"
              + table);
    }
  }

  private String all(ExpectedLetter expected) {
    if (letters.isEmpty()) {
      return "There are no dead letters.";
    }
    TextTable table =
        new TextTable("category", "stage", "origin", "message", "payload", "differs in");
    for (int i = 0; i < letters.size(); i++) {
      List<String> cells = new ArrayList<>(cells(letters.get(i)));
      cells.add(
          taken.get(i)
              ? "(expected before)"
              : String.join(", ", expected.differences(letters.get(i))));
      table.add(cells.toArray());
    }
    return "All dead letters:\n" + table;
  }

  private static List<String> cells(DeadLetter letter) {
    return List.of(
        letter.getCategory(),
        letter.getStage(),
        ExpectedLetter.originOf(letter).toString(),
        shorten(letter.getErrorMessage()),
        shorten(ExpectedLetter.payloadOf(letter)));
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\R", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 1) + "…";
  }
}
