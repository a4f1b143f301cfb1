package org.beamtemplates.transforms.state;

import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps the last three events of a key, and puts out what it keeps, and twice so for an event that
 * ends with "?". One that ends with "!" makes it forget; one that ends with "#" makes it fail.
 */
final class LastThree implements StateFunction<String, List<String>, String> {

  private static final long serialVersionUID = 1L;

  static final Coder<List<String>> STATE = ListCoder.of(StringUtf8Coder.of());

  @Override
  public Transition<List<String>, String> apply(
      @Nullable List<String> state, String event, long eventTimeMillis) {
    if (event.endsWith("#")) {
      throw new IllegalStateException("cannot bear " + event);
    }
    List<String> all =
        Stream.concat(state == null ? Stream.of() : state.stream(), Stream.of(event)).toList();
    List<String> last = all.subList(Math.max(0, all.size() - 3), all.size());
    String output = String.join(" ", last);
    if (event.endsWith("!")) {
      return Transition.forget(List.of(output));
    }
    return event.endsWith("?")
        ? Transition.to(List.copyOf(last), List.of(output, output))
        : Transition.to(List.copyOf(last), output);
  }
}
