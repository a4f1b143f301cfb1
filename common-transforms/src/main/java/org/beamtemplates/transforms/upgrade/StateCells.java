package org.beamtemplates.transforms.upgrade;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.transforms.Combine;

/** Kind and coders of a state cell. */
final class StateCells implements StateSpec.Cases<String> {

  @Override
  public String dispatchValue(Coder<?> value) {
    return "value " + Coders.describe(value);
  }

  @Override
  public String dispatchBag(Coder<?> element) {
    return "bag " + Coders.describe(element);
  }

  @Override
  public String dispatchOrderedList(Coder<?> element) {
    return "ordered list " + Coders.describe(element);
  }

  @Override
  public String dispatchCombining(Combine.CombineFn<?, ?, ?> fn, Coder<?> accumulator) {
    return "combining " + Coders.describe(accumulator);
  }

  @Override
  public String dispatchMap(Coder<?> key, Coder<?> value) {
    return "map " + Coders.describe(key) + " to " + Coders.describe(value);
  }

  @Override
  public String dispatchMultimap(Coder<?> key, Coder<?> value) {
    return "multimap " + Coders.describe(key) + " to " + Coders.describe(value);
  }

  @Override
  public String dispatchSet(Coder<?> element) {
    return "set " + Coders.describe(element);
  }
}
