package org.beamtemplates.transforms.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.transforms.ParDo;

/** What one should know of a job before it is launched: told by its runner and by its steps. */
public final class Explanation {

  /** Columns of a page. */
  private static final int WIDTH = 100;

  private enum Section {
    RUNS("Where it runs"),
    READS("What it reads"),
    COMPUTES("What it computes and keeps"),
    WRITES("What it writes");

    private final String title;

    Section(String title) {
      this.title = title;
    }
  }

  private final Map<Section, Map<String, List<String>>> told = new EnumMap<>(Section.class);
  private final List<String> warnings = new ArrayList<>();
  private final boolean stream;
  private String step = "";

  private Explanation(boolean stream) {
    this.stream = stream;
  }

  /** Returns what the runner and the steps of a pipeline tell. */
  static Explanation of(Pipeline pipeline) {
    RunnerCapabilities runner = RunnerCapabilities.of(pipeline.getOptions());
    Explanation explanation = new Explanation(Graphs.isUnbounded(pipeline));
    runner.explain(pipeline.getOptions(), explanation);
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(Node node) {
            if (node.getTransform() instanceof Explained explained) {
              explanation.step = node.getFullName();
              explained.explain(runner, explanation);
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(Node node) {
            if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo
                && parDo.getFn() instanceof Explained explained) {
              explanation.step = node.getFullName();
              explained.explain(runner, explanation);
            }
          }
        });
    return explanation;
  }

  /** Returns whether the job reads a stream, and does not end by itself. */
  public boolean isOfStream() {
    return stream;
  }

  /** Tells something of the runner, such as its checkpoints. */
  public void runs(String what, String text) {
    tell(Section.RUNS, what, text);
  }

  /** Tells what the step reads, and how. */
  public void reads(String text) {
    tell(Section.READS, step, text);
  }

  /** Tells what the step computes, how, and what it keeps for that. */
  public void computes(String text) {
    tell(Section.COMPUTES, step, text);
  }

  /** Tells what the step writes, and its guarantee. */
  public void writes(String text) {
    tell(Section.WRITES, step, text);
  }

  /** Warns of what is allowed, but seldom meant: what it is, what comes of it, what to do. */
  public void warn(String text) {
    warnings.add(text);
  }

  private void tell(Section section, String what, String text) {
    told.computeIfAbsent(section, any -> new LinkedHashMap<>())
        .computeIfAbsent(what, any -> new ArrayList<>())
        .add(text);
  }

  /** Returns a page for a terminal. */
  String page(String title) {
    StringBuilder page = new StringBuilder(title).append('\n');
    told.forEach(
        (section, lines) -> {
          page.append('\n').append(section.title).append('\n');
          if (section == Section.RUNS) {
            appendColumns(lines, page);
          } else {
            lines.forEach(
                (what, texts) -> {
                  page.append("  ").append(what).append('\n');
                  texts.forEach(text -> append(text, "    ", "    ", page));
                });
          }
        });
    if (!warnings.isEmpty()) {
      page.append("\nTo be looked at\n");
      warnings.forEach(warning -> append(warning, "  * ", "    ", page));
    }
    return page.toString();
  }

  private static void appendColumns(Map<String, List<String>> lines, StringBuilder page) {
    int widest = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    String others = " ".repeat(2 + widest + 2);
    lines.forEach(
        (what, texts) -> {
          String first = "  " + what + " ".repeat(widest - what.length() + 2);
          append(String.join("; ", texts), first, others, page);
        });
  }

  private static void append(String text, String first, String others, StringBuilder page) {
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        page.append(line).append('\n');
        line = new StringBuilder(others);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    page.append(line).append('\n');
  }

  /** Returns the same for programs. */
  String json(String template, String runner) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("template", template);
    all.put("runner", runner);
    told.forEach((section, lines) -> all.put(section.name().toLowerCase(Locale.ROOT), lines));
    all.put("warnings", warnings);
    return new ObjectMapper().valueToTree(all).toPrettyString();
  }
}
