package org.beamtemplates.testing.conformance;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips what the runner cannot do, with the reason. */
public final class GapCondition implements ExecutionCondition {

  private final Gaps gaps = Gaps.here();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return gaps.reason(context.getTags())
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(
            () -> ConditionEvaluationResult.enabled("nothing that " + gaps.runner() + " lacks"));
  }
}
