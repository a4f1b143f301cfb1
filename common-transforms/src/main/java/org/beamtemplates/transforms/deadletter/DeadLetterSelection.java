package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Instant;
import java.util.Set;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Which dead letters are meant: those that fit all of the criteria. An empty set means any value.
 *
 * @param categories of {@link Categories}
 * @param stages names of stages
 * @param pipelines names of pipelines
 * @param errorClasses Java classes of the error, with or without package
 * @param ids ids of dead letters
 * @param since the earliest time of the last failure, inclusive
 * @param until the latest time of the last failure, exclusive
 */
public record DeadLetterSelection(
    Set<String> categories,
    Set<String> stages,
    Set<String> pipelines,
    Set<String> errorClasses,
    Set<String> ids,
    Instant since,
    Instant until)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** All of them. */
  public static final DeadLetterSelection ALL =
      new DeadLetterSelection(
          Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Instant.MIN, Instant.MAX);

  public DeadLetterSelection {
    categories = Set.copyOf(categories);
    stages = Set.copyOf(stages);
    pipelines = Set.copyOf(pipelines);
    errorClasses = Set.copyOf(errorClasses);
    ids = Set.copyOf(ids);
    requireNonNull(since, "since");
    requireNonNull(until, "until");
  }

  /** Returns whether a dead letter is one of those that are meant. */
  public boolean matches(DeadLetter letter) {
    Instant failed = Instant.ofEpochMilli(letter.getLastFailureMs());
    return fits(categories, letter.getCategory())
        && fits(stages, letter.getStage())
        && fits(pipelines, letter.getPipeline())
        && (fits(errorClasses, letter.getErrorClass())
            || errorClasses.contains(simpleName(letter.getErrorClass())))
        && fits(ids, letter.getId())
        && !failed.isBefore(since)
        && failed.isBefore(until);
  }

  private static boolean fits(Set<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
