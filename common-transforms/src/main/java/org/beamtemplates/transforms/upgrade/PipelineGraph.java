package org.beamtemplates.transforms.upgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What a runner finds the state of a running job by, as text: the full name of each step, its state
 * cells and timers, the key they belong to, what waits for a checkpoint, and the coders of all that
 * lies in state or travels between steps. The steps are sorted by name, so that a new one shows as
 * an insertion.
 *
 * <p>The graph is described as the template builds it, before a runner replaces steps by its own.
 */
public final class PipelineGraph {

  private static final String INDENT = "  ";

  private final Map<String, List<String>> steps;

  private PipelineGraph(Map<String, List<String>> steps) {
    this.steps = steps;
  }

  /** Describes a pipeline that is built; does not run it. */
  public static PipelineGraph of(Pipeline pipeline) {
    Steps visitor = new Steps(pipeline);
    pipeline.traverseTopologically(visitor);
    return new PipelineGraph(visitor.steps);
  }

  /**
   * Reads a description back.
   *
   * @param lines as {@link #lines} gives them
   * @throws IllegalArgumentException if the first line belongs to no step
   */
  public static PipelineGraph parse(List<String> lines) {
    Map<String, List<String>> steps = new TreeMap<>();
    List<String> details = null;
    for (String line : lines) {
      if (!line.startsWith(INDENT)) {
        details = new ArrayList<>();
        steps.put(line, details);
      } else if (details == null) {
        throw new IllegalArgumentException("it begins with \"" + line + "\" instead of a step");
      } else {
        details.add(line.substring(INDENT.length()));
      }
    }
    return new PipelineGraph(steps);
  }

  /** Returns what belongs to each step, by its full name. */
  Map<String, List<String>> steps() {
    return steps;
  }

  /** Returns the lines of the description: a step's name, and indented what belongs to it. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    steps.forEach(
        (name, details) -> {
          lines.add(name);
          details.forEach(detail -> lines.add(INDENT + detail));
        });
    return lines;
  }

  /** Collects the steps that do something, and the composites that runners turn into state. */
  private static final class Steps extends Pipeline.PipelineVisitor.Defaults {

    private final Pipeline pipeline;
    private final Map<String, List<String>> steps = new TreeMap<>();

    Steps(Pipeline pipeline) {
      this.pipeline = pipeline;
    }

    @Override
    public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
      if (node.getTransform() instanceof Combine.PerKey<?, ?, ?> combine) {
        steps.put(node.getFullName(), List.of("accumulator: " + accumulator(node, combine)));
      }
      return CompositeBehavior.ENTER_TRANSFORM;
    }

    @Override
    public void visitPrimitiveTransform(TransformHierarchy.Node node) {
      List<String> details = new ArrayList<>();
      PTransform<?, ?> transform = node.getTransform();
      if (transform instanceof ParDo.MultiOutput<?, ?> parDo) {
        details.addAll(stateOf(parDo.getFn()));
        details.addAll(keptOfInput(node, parDo));
      }
      details.addAll(outputsOf(node));
      steps.put(node.getFullName(), details);
    }

    private String accumulator(TransformHierarchy.Node node, Combine.PerKey<?, ?, ?> combine) {
      PCollection<?> input = node.getInputs().values().iterator().next();
      KvCoder<?, ?> coder = (KvCoder<?, ?>) input.getCoder();
      try {
        return Coders.describe(
            Accumulators.coder(combine.getFn(), pipeline.getCoderRegistry(), coder));
      } catch (CannotProvideCoderException e) {
        throw new IllegalStateException(node.getFullName() + " has no accumulator coder", e);
      }
    }

    private static List<String> stateOf(DoFn<?, ?> fn) {
      DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn);
      Map<String, String> cells = new TreeMap<>();
      signature
          .stateDeclarations()
          .forEach(
              (id, declaration) ->
                  cells.put(
                      "state " + id,
                      DoFnSignatures.getStateSpecOrThrow(declaration, fn).match(new StateCells())));
      signature
          .timerDeclarations()
          .forEach(
              (id, declaration) ->
                  cells.put(
                      "timer " + id.substring(DoFnSignature.TimerDeclaration.PREFIX.length()),
                      DoFnSignatures.getTimerSpecOrThrow(declaration, fn)
                          .getTimeDomain()
                          .toString()));
      signature
          .timerFamilyDeclarations()
          .forEach(
              (id, declaration) ->
                  cells.put(
                      "timer family "
                          + id.substring(DoFnSignature.TimerFamilyDeclaration.PREFIX.length()),
                      DoFnSignatures.getTimerFamilySpecOrThrow(declaration, fn)
                          .getTimeDomain()
                          .toString()));
      return cells.entrySet().stream().map(cell -> cell.getKey() + ": " + cell.getValue()).toList();
    }

    /** The key that cells are found by, and what waits for a checkpoint. */
    private static List<String> keptOfInput(
        TransformHierarchy.Node node, ParDo.MultiOutput<?, ?> parDo) {
      DoFnSignature signature = DoFnSignatures.signatureForDoFn(parDo.getFn());
      Coder<?> input =
          node.getInputs().entrySet().stream()
              .filter(each -> !parDo.getAdditionalInputs().containsKey(each.getKey()))
              .findFirst()
              .orElseThrow()
              .getValue()
              .getCoder();
      List<String> kept = new ArrayList<>();
      if (signature.usesState() || signature.usesTimers()) {
        kept.add("keyed by: " + Coders.describe(((KvCoder<?, ?>) input).getKeyCoder()));
      }
      if (signature.processElement().requiresStableInput()) {
        kept.add("stable input: " + Coders.describe(input));
      }
      return kept;
    }

    private static List<String> outputsOf(TransformHierarchy.Node node) {
      List<String> outputs = new ArrayList<>();
      node.getOutputs().forEach((tag, output) -> outputs.add(describe(tag, output)));
      outputs.sort(null);
      return outputs;
    }

    private static String describe(TupleTag<?> tag, PCollection<?> output) {
      // A tag that was given no name has a line number and a random one instead.
      String name = tag.getId().matches("[\\w-]+") ? " " + tag.getId() : "";
      return "output" + name + ": " + Coders.describe(output.getCoder());
    }
  }
}
