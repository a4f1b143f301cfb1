package org.beamtemplates.cli.deadletters;

import java.util.function.Consumer;

/**
 * Goes through a place and keeps those dead letters that are meant, each once; counts the rest. In
 * memory are the ids, see {@link SeenIds}.
 */
final class Sifted implements LetterReader {

  private final Wanted wanted;
  private final Consumer<Found> taker;
  private final SeenIds ids = new SeenIds();
  private long notMeant;
  private long repeated;
  private long malformed;
  private String firstFault = "";

  private Sifted(Wanted wanted, Consumer<Found> taker) {
    this.wanted = wanted;
    this.taker = taker;
  }

  /** Hands those that are meant to the taker, and returns what else there was. */
  static Sifted pass(LetterSource source, Wanted wanted, Consumer<Found> taker) {
    Sifted sifted = new Sifted(wanted, taker);
    source.read(sifted);
    return sifted;
  }

  @Override
  public void letter(Found found) {
    if (!wanted.matches(found.letter())) {
      notMeant++;
    } else if (ids.add(found.letter().getId())) {
      taker.accept(found);
    } else {
      repeated++;
    }
  }

  @Override
  public void malformed(String place, String fault) {
    if (malformed == 0) {
      firstFault = Texts.line(place + ": " + fault, 200);
    }
    malformed++;
  }

  /** Returns how many were meant, each counted once. */
  int taken() {
    return ids.size();
  }

  long malformed() {
    return malformed;
  }

  /** Returns what was there besides, in a line; empty if nothing. */
  String rest() {
    StringBuilder rest = new StringBuilder();
    if (notMeant > 0) {
      rest.append(notMeant).append(" not selected; ");
    }
    if (repeated > 0) {
      rest.append(repeated).append(repeated == 1 ? " repetition" : " repetitions");
      rest.append(" of an id left out; ");
    }
    if (malformed > 0) {
      rest.append(malformed).append(" malformed, the first at ").append(firstFault).append("; ");
    }
    return rest.isEmpty() ? "" : rest.substring(0, rest.length() - 2);
  }
}
