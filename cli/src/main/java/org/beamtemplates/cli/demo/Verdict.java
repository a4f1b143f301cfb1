package org.beamtemplates.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.demo.Sent;
import org.beamtemplates.transforms.launch.JobStatus.Stage;

/**
 * Whether everything adds up: each number of the job, of the dead-letter topic and of the store
 * against what the generator knows that it sent.
 */
final class Verdict {

  private static final int MOST = 10;

  /** A number that has to be what it is. */
  private record Check(String what, long expected, long found) {

    boolean ok() {
      return expected == found;
    }
  }

  private final Evidence evidence;
  private final List<Check> checks = new ArrayList<>();
  private final List<String> results = new ArrayList<>();
  private long equalResults;

  private Verdict(Evidence evidence) {
    this.evidence = evidence;
  }

  static Verdict of(Evidence evidence) {
    Verdict verdict = new Verdict(evidence);
    verdict.checkRecords();
    verdict.checkDeadLetters();
    verdict.checkResults();
    return verdict;
  }

  boolean addsUp() {
    return checks.stream().allMatch(Check::ok)
        && results.isEmpty()
        && !evidence.stages().isEmpty()
        && evidence.stages().stream().allMatch(Verdict::balances);
  }

  /** Returns the accounting: a line a number, the identity of each stage, and the conclusion. */
  String report() {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%-46s %13s %13s%n", "", "generator", "found"));
    checks.forEach(check -> text.append(line(check)));
    text.append(sentence()).append(System.lineSeparator());
    text.append(stageTable());
    appendResults(text);
    appendForeign(text);
    text.append(System.lineSeparator()).append(conclusion()).append(System.lineSeparator());
    return text.toString();
  }

  private void checkRecords() {
    Sent sent = evidence.sent();
    // The first stage has the most records.
    long read = evidence.stages().stream().mapToLong(Stage::in).max().orElse(0);
    checks.add(new Check("records read by the job", sent.total() + evidence.foreign(), read));
    checks.add(
        new Check(
            "broken records, dead letters of the job",
            broken(sent) + foreignLetters() - foreignLate(),
            sum(Stage::dead)));
    checks.add(
        new Check("duplicates, dropped by the job", sent.duplicate(), sum(Stage::duplicate)));
    checks.add(
        new Check(
            "too late, sorted out by the job", sent.tooLate() + foreignLate(), sum(Stage::late)));
  }

  private long foreignLetters() {
    return evidence.foreignDeadLetters().values().stream().mapToLong(Long::longValue).sum();
  }

  private long foreignLate() {
    return evidence.foreignDeadLetters().getOrDefault(Categories.LATE, 0L);
  }

  private void checkDeadLetters() {
    Map<String, Long> expected = new TreeMap<>(evidence.sent().deadLetters());
    Map<String, Long> found = evidence.deadLetters();
    TreeSet<String> categories = new TreeSet<>(expected.keySet());
    categories.addAll(found.keySet());
    for (String category : categories) {
      checks.add(
          new Check(
              category + " in " + evidence.deadLetterTopic(),
              expected.getOrDefault(category, 0L),
              found.getOrDefault(category, 0L)));
    }
  }

  private void checkResults() {
    Map<String, Long> expected = evidence.sent().eventsByResult();
    Map<String, Long> found = evidence.stored();
    checks.add(new Check("results in the store", expected.size(), found.size()));
    checks.add(new Check("events in the results", counted(evidence.sent()), total(found)));
    TreeSet<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(found.keySet());
    for (String key : keys) {
      Long wanted = expected.get(key);
      Long stored = found.get(key);
      if (wanted != null && wanted.equals(stored)) {
        equalResults++;
      } else {
        results.add(
            "%s: %s events expected, %s found"
                .formatted(key, wanted == null ? "no" : wanted, stored == null ? "none" : stored));
      }
    }
    checks.add(new Check("results that are equal", expected.size(), equalResults));
  }

  private static String line(Check check) {
    return String.format(
        "%-46s %13s %13s   %s%n",
        check.what(),
        Numbers.of(check.expected()),
        Numbers.of(check.found()),
        check.ok() ? "ok" : "DIFFERS");
  }

  /** The ledger itself: what the traffic was made of. */
  private String sentence() {
    Sent sent = evidence.sent();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%nsent %s = good %s + late in time %s + duplicate %s + too late %s + broken %s%n",
            Numbers.of(sent.total()),
            Numbers.of(sent.good()),
            Numbers.of(sent.late()),
            Numbers.of(sent.duplicate()),
            Numbers.of(sent.tooLate()),
            Numbers.of(broken(sent))));
    List<String> kinds = new ArrayList<>();
    new TreeMap<>(sent.broken()).forEach((kind, n) -> kinds.add(kind + " " + Numbers.of(n)));
    return text.append("broken: ").append(String.join(", ", kinds)).append('\n').toString();
  }

  private String stageTable() {
    StringBuilder table = new StringBuilder();
    String format = "%-14s %11s = %11s + %8s + %8s + %9s + %8s   %s%n";
    table.append(
        String.format(format, "stage", "in", "out", "dead", "filtered", "duplicate", "late", "")
            .stripTrailing());
    table.append(System.lineSeparator());
    for (Stage s : evidence.stages()) {
      table.append(
          String.format(
              format,
              s.stage(),
              Numbers.of(s.in()),
              Numbers.of(s.out()),
              Numbers.of(s.dead()),
              Numbers.of(s.filtered()),
              Numbers.of(s.duplicate()),
              Numbers.of(s.late()),
              balances(s) ? "ok" : "DIFFERS"));
    }
    if (evidence.stages().isEmpty()) {
      table.append("The job has told nothing of its stages.   DIFFERS\n");
    }
    return table.toString();
  }

  private void appendResults(StringBuilder text) {
    if (results.isEmpty()) {
      return;
    }
    text.append("\nresults that differ: ").append(results.size()).append('\n');
    results.stream().limit(MOST).forEach(result -> text.append("  ").append(result).append('\n'));
    if (results.size() > MOST) {
      text.append("  … and ").append(results.size() - MOST).append(" more\n");
    }
  }

  private void appendForeign(StringBuilder text) {
    if (evidence.foreign() > 0) {
      text.append(
          """

          %s in %s %s not written by the generator. Their reading and their %s dead letters are \
          counted out above; what else became of them, and which of the generator's records they \
          made late, cannot be known: the comparison cannot hold for that.
          """
              .formatted(
                  evidence.foreign() == 1
                      ? "1 record"
                      : Numbers.of(evidence.foreign()) + " records",
                  evidence.inputTopic(),
                  evidence.foreign() == 1 ? "was" : "were",
                  Numbers.of(foreignLetters())));
    }
  }

  private String conclusion() {
    Sent sent = evidence.sent();
    if (addsUp()) {
      return "Everything adds up: %s sent = %s counted in %s results + %s dead letters + %s duplicates."
          .formatted(
              Numbers.of(sent.total()),
              Numbers.of(counted(sent)),
              Numbers.of(sent.eventsByResult().size()),
              Numbers.of(broken(sent) + sent.tooLate()),
              Numbers.of(sent.duplicate()));
    }
    long differing =
        checks.stream().filter(check -> !check.ok()).count()
            + evidence.stages().stream().filter(stage -> !balances(stage)).count()
            + (evidence.stages().isEmpty() ? 1 : 0);
    return "It does not add up: "
        + Numbers.of(differing)
        + (differing == 1 ? " line differs." : " lines differ.");
  }

  private long sum(ToLongFunction<Stage> count) {
    return evidence.stages().stream().mapToLong(count).sum();
  }

  private static boolean balances(Stage s) {
    return s.in() == s.out() + s.dead() + s.filtered() + s.duplicate() + s.late();
  }

  private static long counted(Sent sent) {
    return sent.good() + sent.late();
  }

  private static long broken(Sent sent) {
    return total(sent.broken());
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
