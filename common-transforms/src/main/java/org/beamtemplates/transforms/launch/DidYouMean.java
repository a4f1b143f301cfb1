package org.beamtemplates.transforms.launch;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody meant by one that does not exist. */
public final class DidYouMean {

  private DidYouMean() {}

  /** Returns the known name nearest to the given one, if any is near enough to be worth a word. */
  public static Optional<String> closest(String given, Collection<String> known) {
    // Two letters swapped are two changes.
    int tolerance = given.length() < 4 ? 1 : Math.max(2, given.length() / 3);
    return known.stream()
        .filter(name -> distance(given, name) <= tolerance)
        .min(
            Comparator.comparingInt((String name) -> distance(given, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Returns a question such as {@code Did you mean direct?}, or an empty text. */
  public static String question(String given, Collection<String> known) {
    return closest(given, known).map(name -> "Did you mean " + name + "?").orElse("");
  }

  /** Levenshtein's distance; upper and lower case do not matter. */
  private static int distance(String given, String known) {
    String a = given.toLowerCase(Locale.ROOT);
    String b = known.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
