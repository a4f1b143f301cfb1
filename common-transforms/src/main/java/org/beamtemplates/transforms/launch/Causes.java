package org.beamtemplates.transforms.launch;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What an exception comes down to, in one line. */
final class Causes {

  private static final int LONGEST = 300;

  private Causes() {}

  /** Returns class and message of the innermost cause. */
  static String rootOf(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable root = thrown;
    while (root.getCause() != null && seen.add(root)) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : root.getMessage().strip();
    String line = message.lines().findFirst().orElse("");
    String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    return root.getClass().getSimpleName() + (cut.isEmpty() ? "" : ": " + cut);
  }
}
