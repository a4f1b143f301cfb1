package org.beamtemplates.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.record.Origin;

/**
 * What a test expects of a dead letter; immutable, and nothing is expected that is not said.
 *
 * <pre>{@code
 * letter("LATE").stage("aggregate").from(Origin.kafka("page-events", 0, 2)).payloadHas("\"2\"")
 * }</pre>
 */
public final class ExpectedLetter {

  /** One thing that is expected, and its name. */
  private record Criterion(String name, String text, Predicate<DeadLetter> holds) {}

  private final List<Criterion> criteria;

  private ExpectedLetter(List<Criterion> criteria) {
    this.criteria = List.copyOf(criteria);
  }

  /** A dead letter of a category: see {@code Categories}. */
  public static ExpectedLetter letter(String category) {
    requireNonNull(category, "category");
    return new ExpectedLetter(List.of())
        .and("category", category, letter -> letter.getCategory().equals(category));
  }

  /** The stage that gave the record up. */
  public ExpectedLetter stage(String stage) {
    requireNonNull(stage, "stage");
    return and("stage", stage, letter -> letter.getStage().equals(stage));
  }

  /** The coordinates of the record; {@code Origin.none()} for a value made inside the pipeline. */
  public ExpectedLetter from(Origin origin) {
    return and("origin", origin.toString(), letter -> originOf(letter).equals(origin));
  }

  /** The whole payload, as text; empty if there is none. */
  public ExpectedLetter payload(String text) {
    requireNonNull(text, "text");
    return and("payload", text, letter -> payloadOf(letter).equals(text));
  }

  /** A part of the payload, as text. */
  public ExpectedLetter payloadHas(String part) {
    requireNonNull(part, "part");
    return and("payload", "…" + part + "…", letter -> payloadOf(letter).contains(part));
  }

  /** The whole message of the error. */
  public ExpectedLetter message(String message) {
    requireNonNull(message, "message");
    return and("message", message, letter -> letter.getErrorMessage().equals(message));
  }

  /** A part of the message of the error. */
  public ExpectedLetter messageHas(String part) {
    requireNonNull(part, "part");
    return and("message", "…" + part + "…", letter -> letter.getErrorMessage().contains(part));
  }

  /**
   * The window that the record was too late for.
   *
   * @param startMillis its start, inclusive, in milliseconds since the epoch
   * @param endMillis its end, exclusive, in milliseconds since the epoch
   */
  public ExpectedLetter window(long startMillis, long endMillis) {
    return and(
        "window",
        startMillis + " to " + endMillis,
        letter ->
            Long.valueOf(startMillis).equals(letter.getWindowStartMs())
                && Long.valueOf(endMillis).equals(letter.getWindowEndMs()));
  }

  /**
   * Something else of it.
   *
   * @param what names it in the message of a failure
   */
  public ExpectedLetter where(String what, Predicate<DeadLetter> holds) {
    requireNonNull(holds, "holds");
    return and(what, "as it should be", holds);
  }

  private ExpectedLetter and(String name, String text, Predicate<DeadLetter> holds) {
    List<Criterion> more = new ArrayList<>(criteria);
    more.add(new Criterion(name, text, holds));
    return new ExpectedLetter(more);
  }

  /** Returns the names of what is not as expected. */
  List<String> differences(DeadLetter letter) {
    return criteria.stream()
        .filter(criterion -> !criterion.holds().test(letter))
        .map(Criterion::name)
        .toList();
  }

  @Override
  public String toString() {
    return String.join(", ", criteria.stream().map(one -> one.name() + " " + one.text()).toList());
  }

  static Origin originOf(DeadLetter letter) {
    return switch (letter.getSourceType()) {
      case "KAFKA" -> Origin.kafka(letter.getSource(), letter.getPartition(), letter.getOffset());
      case "FILE" -> Origin.file(letter.getSource(), letter.getOffset());
      default -> Origin.none();
    };
  }

  static String payloadOf(DeadLetter letter) {
    return letter.getPayload() == null
        ? ""
        : UTF_8.decode(letter.getPayload().duplicate()).toString();
  }
}
