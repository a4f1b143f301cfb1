package org.beamtemplates.transforms.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A template and its options, as text for a terminal. */
public final class TemplateDescription {

  private static final int WIDTH = 100;
  private static final String INDENT = "      ";

  private TemplateDescription() {}

  /** Returns the description: summary, options by group, an example. Ends in a line break. */
  public static String of(Template<?> template) {
    List<OptionDescription> options = OptionDescription.of(template.optionsClass());
    StringBuilder text = new StringBuilder();
    text.append(template.name()).append(": ").append(template.summary()).append('\n');
    String group = "";
    for (OptionDescription option : options) {
      if (!option.group().equals(group)) {
        group = option.group();
        text.append('\n').append(group).append('\n');
      }
      append(text, option);
    }
    text.append("\nExample\n  ").append(example(template, options)).append('\n');
    text.append("\nOptions of Beam and of the runner can be given as well; ");
    text.append("those of a config are in its option file.\n");
    return text.toString();
  }

  private static void append(StringBuilder text, OptionDescription option) {
    text.append("  --").append(option.name()).append("=<").append(option.kind()).append(">");
    text.append(option.required() ? "   (required)" : "").append('\n');
    for (String line : wrapped(option.meaning())) {
      text.append(INDENT).append(line).append('\n');
    }
    if (!option.allowed().isEmpty()) {
      text.append(INDENT).append("Allowed: ").append(option.allowed()).append('\n');
    }
    if (!option.defaultValue().isEmpty()) {
      text.append(INDENT).append("Default: ").append(option.defaultValue()).append('\n');
    }
  }

  private static String example(Template<?> template, List<OptionDescription> options) {
    String given =
        options.stream()
            .filter(option -> option.required() || !option.example().isEmpty())
            .map(
                option ->
                    " \\\n      --"
                        + option.name()
                        + "="
                        + (option.example().isEmpty() ? "…" : option.example()))
            .collect(Collectors.joining());
    return "./templates run " + template.name() + " --on direct" + given;
  }

  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }
}
