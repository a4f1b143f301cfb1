package org.beamtemplates.transforms.launch;

import java.io.PrintStream;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Counts how often each launch, told apart by where it prints, has ended. */
public final class CountingEnd implements LaunchEnd {

  private static final Map<PrintStream, Integer> ENDS =
      Collections.synchronizedMap(new WeakHashMap<>());

  @Override
  public void ended(PrintStream out) {
    ENDS.merge(out, 1, Integer::sum);
  }

  static int endsOf(PrintStream out) {
    return ENDS.getOrDefault(out, 0);
  }
}
