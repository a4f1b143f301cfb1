package org.beamtemplates.pipelines.deadletterreplay;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.beamtemplates.transforms.io.FolderCheck;
import org.beamtemplates.transforms.io.KafkaCheck;
import org.beamtemplates.transforms.launch.Problems;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What must hold before a launch. */
final class Preconditions {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Preconditions() {}

  /** Holds the options against each other. */
  static void validate(DeadLetterReplayOptions options, Problems problems) {
    boolean fromTopic = options.getDeadLetterTopic() != null || problems.concern("deadLetterTopic");
    boolean fromFiles = options.getDeadLetters() != null || problems.concern("deadLetters");
    if (fromTopic && fromFiles) {
      problems.add("deadLetterTopic", "and --deadLetters exclude each other; give one of them");
    } else if (!fromTopic && !fromFiles) {
      problems.add(
          "deadLetterTopic",
          "is missing; say where the dead letters are with --deadLetterTopic or --deadLetters");
    }
    if (!fromTopic && options.getLedgerTopic() == null && !problems.concern("ledgerTopic")) {
      problems.add(
          "ledgerTopic",
          "is missing; name the topic that remembers what was sent. (With --deadLetterTopic it is"
              + " that name and .replayed)");
    }
    fileFormat(options.getDeadLetters(), problems);
    allDiffer(Topics.byOption(options), problems);
    times(options, problems);
    if (options.getRepair() != null && !problems.concern("repair")) {
      Repairs.problem(options.getRepair())
          .ifPresent(
              problem -> problems.add("repair", "was \"" + options.getRepair() + "\", " + problem));
    }
  }

  private static void fileFormat(@Nullable String files, Problems problems) {
    if (files != null
        && !files.endsWith(ReadFilesFn.AVRO)
        && !files.endsWith(ReadFilesFn.JSON_LINES)) {
      problems.add(
          "deadLetters",
          "was \""
              + files
              + "\"; allowed are Avro containers and lines of JSON, so it has to end in .avro or"
              + " .jsonl");
    }
  }

  /** A topic that is read and written would be read for ever, or hold two kinds of records. */
  private static void allDiffer(Map<String, String> topics, Problems problems) {
    Map<String, String> optionOf = new HashMap<>();
    topics.forEach(
        (option, topic) -> {
          String other = optionOf.putIfAbsent(topic, option);
          if (other != null) {
            problems.add(
                option,
                "was \"" + topic + "\", as --" + other + " is; they must be different topics");
          }
        });
  }

  private static void times(DeadLetterReplayOptions options, Problems problems) {
    Optional<Instant> since = time("since", options.getSince(), problems);
    Optional<Instant> until = time("until", options.getUntil(), problems);
    if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
      problems.add(
          "until",
          "was \""
              + options.getUntil()
              + "\", which is not after --since=\""
              + options.getSince()
              + "\"; nothing is between them");
    }
  }

  private static Optional<Instant> time(String option, @Nullable String text, Problems problems) {
    Optional<Instant> time = Selections.time(text);
    if (text != null && time.isEmpty()) {
      problems.add(option, "was \"" + text + "\"; allowed is a time such as 2026-01-31T08:00:00Z");
    }
    return time;
  }

  /** Looks at brokers, topics, files and folders. */
  static void preflight(DeadLetterReplayOptions options, Problems problems) {
    String brokers = options.getBootstrapServers();
    Map<String, String> topics = Topics.byOption(options);
    if (brokers != null && !topics.isEmpty() && !problems.concern("bootstrapServers")) {
      checkTopics(brokers, topics, options.getDryRun(), problems);
    }
    if (options.getDeadLetters() != null && !problems.concern("deadLetters")) {
      FolderCheck.unreadable(options.getDeadLetters())
          .ifPresent(problem -> problems.add("deadLetters", problem));
    }
    if (options.getBackfill() != null && !problems.concern("backfill")) {
      FolderCheck.unwritable(options.getBackfill())
          .ifPresent(problem -> problems.add("backfill", problem));
    }
  }

  private static void checkTopics(
      String brokers, Map<String, String> topics, boolean dryRun, Problems problems) {
    KafkaCheck check = KafkaCheck.of(brokers, List.copyOf(topics.values()), PATIENCE);
    Optional<String> broker = check.brokerProblem();
    if (broker.isPresent()) {
      problems.add("bootstrapServers", "was \"" + brokers + "\"; " + broker.get());
      return;
    }
    topics.forEach(
        (option, topic) -> {
          Optional<String> problem = check.topicProblem(topic);
          if (option.equals("ledgerTopic") && dryRun && problem.isPresent()) {
            // Nothing was sent yet, and a look makes no ledger.
            return;
          }
          if (option.equals("ledgerTopic")) {
            LedgerCheck.problem(brokers, topic, problem, PATIENCE)
                .ifPresent(found -> problems.add(option, "was \"" + topic + "\", which " + found));
          } else if (problem.isPresent()) {
            problems.add(
                option,
                "was \""
                    + topic
                    + "\", which "
                    + problem.get()
                    + " on "
                    + brokers
                    + "; create it, or name another");
          }
        });
  }
}
