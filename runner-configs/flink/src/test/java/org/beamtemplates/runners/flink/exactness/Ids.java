package org.beamtemplates.runners.flink.exactness;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.beamtemplates.schemas.PageEvent;

/**
 * Combines events to the ids of all of them, sorted: unlike a sum, that tells a lost record from a
 * doubled one, and one wrong from another.
 */
final class Ids extends CombineFn<PageEvent, List<String>, String> {

  private static final long serialVersionUID = 1L;

  /** Writes ids as the result does. */
  static String text(List<String> ids) {
    return String.join(" ", ids.stream().sorted().toList());
  }

  @Override
  public List<String> createAccumulator() {
    return List.of();
  }

  @Override
  public List<String> addInput(List<String> ids, PageEvent event) {
    List<String> more = new ArrayList<>(ids);
    more.add(event.getEventId());
    return more;
  }

  @Override
  public List<String> mergeAccumulators(Iterable<List<String>> several) {
    List<String> merged = new ArrayList<>();
    several.forEach(merged::addAll);
    return merged;
  }

  @Override
  public String extractOutput(List<String> ids) {
    return text(ids);
  }

  @Override
  public Coder<List<String>> getAccumulatorCoder(
      CoderRegistry registry, Coder<PageEvent> inputCoder) {
    return ListCoder.of(StringUtf8Coder.of());
  }

  @Override
  public Coder<String> getDefaultOutputCoder(CoderRegistry registry, Coder<PageEvent> inputCoder) {
    return StringUtf8Coder.of();
  }
}
