package org.beamtemplates.cli;

import java.util.List;
import org.beamtemplates.transforms.launch.DidYouMean;

/** What somebody may have meant, and what there is. */
final class Choices {

  private Choices() {}

  static String of(String title, String given, List<String> names) {
    String question = DidYouMean.question(given, names);
    return (question + " " + title + ": " + (names.isEmpty() ? "none" : String.join(", ", names)))
        .strip();
  }
}
