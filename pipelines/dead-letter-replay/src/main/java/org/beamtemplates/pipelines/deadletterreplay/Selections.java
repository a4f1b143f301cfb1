package org.beamtemplates.pipelines.deadletterreplay;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.beamtemplates.transforms.deadletter.DeadLetterSelection;
import org.checkerframework.checker.nullness.qual.Nullable;

/** From options to the dead letters that they mean. */
final class Selections {

  private Selections() {}

  static DeadLetterSelection of(DeadLetterReplayOptions options) {
    return new DeadLetterSelection(
        set(options.getCategories()),
        set(options.getStages()),
        set(options.getPipelines()),
        set(options.getErrorClasses()),
        set(options.getIds()),
        time(options.getSince()).orElse(Instant.MIN),
        time(options.getUntil()).orElse(Instant.MAX));
  }

  /** Returns the time that a text stands for; empty if there is no text, or if it is no time. */
  static Optional<Instant> time(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Set<String> set(@Nullable List<String> values) {
    Set<String> set = new LinkedHashSet<>();
    if (values != null) {
      values.stream().map(String::strip).filter(value -> !value.isEmpty()).forEach(set::add);
    }
    return set;
  }
}
