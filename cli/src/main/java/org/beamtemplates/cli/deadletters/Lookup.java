package org.beamtemplates.cli.deadletters;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds dead letters by their ids. Each question is a pass through the place. */
final class Lookup {

  private static final int CANDIDATES = 10;

  /** More attempts than any replay makes; ids that lead in a circle end here. */
  private static final int LONGEST_CHAIN = 50;

  /**
   * A letter.
   *
   * @param found the letter, as it was found first
   * @param repetitions how often its id is there besides
   */
  record Hit(Found found, long repetitions) {}

  private Lookup() {}

  /**
   * Returns the only letter whose id begins so.
   *
   * @throws Refusal if there is none, or several; the message lists them
   */
  static Hit one(LetterSource source, String prefix) {
    Map<String, Found> hits = new TreeMap<>();
    Map<String, Long> repetitions = new HashMap<>();
    source.read(
        each(
            found -> {
              String id = found.letter().getId();
              if (!id.startsWith(prefix)) {
                return;
              }
              if (hits.containsKey(id)) {
                repetitions.merge(id, 1L, Long::sum);
              } else if (hits.size() <= CANDIDATES || id.equals(prefix)) {
                hits.put(id, found);
              }
            }));
    if (hits.isEmpty()) {
      throw new Refusal(
          "No dead letter in %s has an id that begins with %s; list --each tells what there is"
              .formatted(source.name(), Texts.line(prefix, 80)));
    }
    if (hits.size() > 1 && !hits.containsKey(prefix)) {
      throw new Refusal(ambiguous(prefix, hits));
    }
    Found first = hits.getOrDefault(prefix, hits.values().iterator().next());
    return new Hit(first, repetitions.getOrDefault(first.letter().getId(), 0L));
  }

  /** Returns the failures before this one that are in the same place, the latest first. */
  static List<Found> earlier(LetterSource source, Found letter) {
    List<Found> chain = new ArrayList<>();
    @Nullable String next = letter.letter().getPreviousId();
    while (next != null && chain.size() < LONGEST_CHAIN) {
      Optional<Found> before = exactly(source, next);
      before.ifPresent(chain::add);
      next = before.map(found -> found.letter().getPreviousId()).orElse(null);
    }
    return chain;
  }

  private static Optional<Found> exactly(LetterSource source, String id) {
    List<Found> hits = new ArrayList<>(1);
    source.read(
        each(
            found -> {
              if (hits.isEmpty() && found.letter().getId().equals(id)) {
                hits.add(found);
              }
            }));
    return hits.stream().findFirst();
  }

  private static String ambiguous(String prefix, Map<String, Found> hits) {
    return hits.values().stream()
        .limit(CANDIDATES)
        .map(
            found ->
                "  %s  %s %s  %s"
                    .formatted(
                        Texts.line(found.letter().getId()),
                        Texts.line(found.letter().getStage()),
                        Texts.line(found.letter().getCategory()),
                        Texts.line(Texts.reason(found.letter()), 60)))
        .collect(
            Collectors.joining(
                "\n",
                "Several dead letters have ids that begin with " + Texts.line(prefix, 80) + ":\n",
                hits.size() > CANDIDATES ? "\n  … and more" : ""));
  }

  private static LetterReader each(Consumer<Found> each) {
    return new LetterReader() {
      @Override
      public void letter(Found found) {
        each.accept(found);
      }

      @Override
      public void malformed(String place, String fault) {
        // Has no id.
      }
    };
  }
}
