package org.beamtemplates.transforms.upgrade;

import java.util.ArrayList;
import java.util.List;

/** Two descriptions of a graph, line by line, with the step that a differing line belongs to. */
public final class GraphDifferences {

  private GraphDifferences() {}

  /** Returns the differing lines, each marked as gone ({@code -}) or come ({@code +}). */
  public static List<String> between(List<String> before, List<String> after) {
    int[][] common = commonSuffixes(before, after);
    List<String> differences = new ArrayList<>();
    String step = "";
    String shown = "";
    int b = 0;
    int a = 0;
    while (b < before.size() || a < after.size()) {
      boolean same = b < before.size() && a < after.size() && before.get(b).equals(after.get(a));
      boolean removed =
          !same
              && (a == after.size() || (b < before.size() && common[b + 1][a] >= common[b][a + 1]));
      String line = removed || same ? before.get(b) : after.get(a);
      if (!line.startsWith(" ")) {
        step = line;
        shown = same ? shown : step;
      }
      if (!same) {
        if (!step.equals(shown)) {
          differences.add("  " + step);
          shown = step;
        }
        differences.add((removed ? "- " : "+ ") + line);
      }
      b += removed || same ? 1 : 0;
      a += removed ? 0 : 1;
    }
    return differences;
  }

  /** Lengths of the longest common subsequences of what follows each pair of lines. */
  private static int[][] commonSuffixes(List<String> before, List<String> after) {
    int[][] length = new int[before.size() + 1][after.size() + 1];
    for (int b = before.size() - 1; b >= 0; b--) {
      for (int a = after.size() - 1; a >= 0; a--) {
        length[b][a] =
            before.get(b).equals(after.get(a))
                ? length[b + 1][a + 1] + 1
                : Math.max(length[b + 1][a], length[b][a + 1]);
      }
    }
    return length;
  }
}
