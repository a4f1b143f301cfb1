package org.beamtemplates.transforms.launch;

import java.util.List;
import org.beamtemplates.transforms.launch.Problems.Problem;

/** All problems of a launch in one message. */
final class ProblemReport {

  private static final int WIDEST_NAME = 28;

  private ProblemReport() {}

  /** Returns the message, ending in a line break; names stand in one column, texts in another. */
  static String of(String template, List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    text.append(template).append(" cannot start: ").append(problems.size());
    text.append(problems.size() == 1 ? " problem\n" : " problems\n");
    int width =
        Math.min(
            WIDEST_NAME,
            problems.stream().mapToInt(problem -> name(problem).length()).max().orElse(0));
    String continued = "\n" + " ".repeat(2 + width + 2);
    for (Problem problem : problems) {
      String name = name(problem);
      String message = problem.message().strip().replace("\n", continued);
      text.append("  ").append(name);
      if (name.length() > width) {
        text.append(continued);
      } else {
        text.append(" ".repeat(name.isEmpty() ? 0 : width - name.length() + 2));
      }
      text.append(message).append('\n');
    }
    text.append("All options: ./templates describe ").append(template).append('\n');
    return text.toString();
  }

  private static String name(Problem problem) {
    return problem.option().isEmpty() ? "" : "--" + problem.option();
  }
}
