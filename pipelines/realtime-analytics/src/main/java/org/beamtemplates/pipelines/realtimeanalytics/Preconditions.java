package org.beamtemplates.pipelines.realtimeanalytics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.Encoding;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.Guarantee;
import org.beamtemplates.transforms.deadletter.Redaction;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.io.FolderCheck;
import org.beamtemplates.transforms.io.KafkaCheck;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/** What must hold before a launch. */
final class Preconditions {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Preconditions() {}

  /** Holds the options against each other. */
  static void validate(RealtimeAnalyticsOptions options, Problems problems) {
    boolean fromTopic = options.getInputTopic() != null || problems.concern("inputTopic");
    boolean toTopic = options.getOutputTopic() != null || problems.concern("outputTopic");
    boolean fromFiles = options.getInput() != null || problems.concern("input");
    boolean toFiles = options.getOutput() != null || problems.concern("output");

    boolean toDatabase = options.getOutputJdbcUrl() != null || problems.concern("outputJdbcUrl");

    exactlyOne(
        "what to read",
        List.of(new Choice("input", fromFiles), new Choice("inputTopic", fromTopic)),
        problems);
    exactlyOne(
        "where to write",
        List.of(
            new Choice("output", toFiles),
            new Choice("outputTopic", toTopic),
            new Choice("outputJdbcUrl", toDatabase)),
        problems);
    new Database(options).validate(problems);

    boolean usesTopics = fromTopic || toTopic || options.getDeadLetterTopic() != null;
    if (usesTopics && missing(options.getBootstrapServers(), "bootstrapServers", problems)) {
      problems.add(
          "bootstrapServers", "is missing; a topic needs its brokers, such as localhost:9092");
    }
    boolean usesAvro =
        (fromTopic && options.getInputEncoding() == Encoding.AVRO)
            || (toTopic && options.getOutputEncoding() == Encoding.AVRO);
    if (usesAvro && missing(options.getRegistryUrl(), "registryUrl", problems)) {
      problems.add(
          "registryUrl",
          "is missing; Avro in a topic needs the schema registry, such as http://localhost:8081"
              + " (or choose --inputEncoding=JSON and --outputEncoding=JSON)");
    }
    if (options.getRegistryUrl() != null) {
      SchemaRegistry.urlProblem(options.getRegistryUrl())
          .ifPresent(problem -> problems.add("registryUrl", problem));
    }
    String startFrom = options.getStartFrom();
    if (startFrom == null) {
      if (fromTopic && !problems.concern("startFrom")) {
        problems.add(
            "startFrom",
            "is missing; say where to start when there is no checkpoint: earliest, latest,"
                + " committed or a time such as 2026-01-31T08:00:00Z");
      }
    } else if (StartFrom.parse(startFrom).isEmpty()) {
      problems.add(
          "startFrom",
          "was \""
              + startFrom
              + "\"; allowed are earliest, latest, committed or a time such as"
              + " 2026-01-31T08:00:00Z");
    }
    differ(
        "outputTopic", options.getOutputTopic(), "inputTopic", options.getInputTopic(), problems);
    checkRedaction(options, problems);
    checkGuarantee(options, problems);
    String deadLetters = Sinks.deadLetterTopic(options);
    differ("deadLetterTopic", deadLetters, "inputTopic", options.getInputTopic(), problems);
    differ("deadLetterTopic", deadLetters, "outputTopic", options.getOutputTopic(), problems);
    if (!fromTopic
        && (toTopic || toDatabase)
        && options.getDeadLetterTopic() == null
        && options.getDeadLetterFolder() == null) {
      problems.add(
          "deadLetterTopic",
          "is missing; name a topic, or a folder with --deadLetterFolder, for dead letters");
    }
  }

  /** A topic that is read and written would feed the job its own output, for ever. */
  private static void differ(
      String option, String topic, String otherOption, String otherTopic, Problems problems) {
    if (topic != null && topic.equals(otherTopic)) {
      problems.add(
          option,
          "was \"" + topic + "\", as --" + otherOption + " is; they must be different topics");
    }
  }

  private static void checkGuarantee(RealtimeAnalyticsOptions options, Problems problems) {
    if (options.getOutputGuarantee() != Guarantee.EXACTLY_ONCE
        || problems.concern("outputGuarantee")
        || problems.concern("runner")) {
      return;
    }
    if (options.getOutputTopic() == null) {
      problems.add("outputGuarantee", "was EXACTLY_ONCE, which is for --outputTopic only");
      return;
    }
    RunnerCapabilities runner = RunnerCapabilities.of(options);
    if (!runner.stableInput()) {
      problems.add(
          "outputGuarantee",
          "was EXACTLY_ONCE, which "
              + runner.name()
              + " cannot keep with these options; take --on flink, which needs"
              + " --checkpointingInterval and --checkpointingMode=EXACTLY_ONCE, or AT_LEAST_ONCE");
    }
  }

  private static void checkRedaction(RealtimeAnalyticsOptions options, Problems problems) {
    if (options.getDeadLetterRedact() == null || problems.concern("deadLetterRedact")) {
      return;
    }
    try {
      Redaction.paths(options.getDeadLetterRedact());
    } catch (IllegalArgumentException e) {
      problems.add("deadLetterRedact", e.getMessage());
    }
  }

  private static boolean missing(String value, String option, Problems problems) {
    return value == null && !problems.concern(option);
  }

  private record Choice(String option, boolean made) {}

  private static void exactlyOne(String purpose, List<Choice> choices, Problems problems) {
    List<String> made =
        choices.stream().filter(Choice::made).map(choice -> "--" + choice.option()).toList();
    if (made.isEmpty()) {
      problems.add(
          choices.get(0).option(),
          "is missing; say "
              + purpose
              + " with "
              + choices.stream()
                  .map(choice -> "--" + choice.option())
                  .collect(Collectors.joining(" or ")));
    } else if (made.size() > 1) {
      problems.add(
          made.get(0).substring(2),
          "and "
              + String.join(" and ", made.subList(1, made.size()))
              + " exclude each other; give one of them");
    }
  }

  /** Looks at brokers, registry, folders and the database. */
  static void preflight(RealtimeAnalyticsOptions options, Problems problems) {
    Map<String, String> topics = new LinkedHashMap<>();
    put(topics, "inputTopic", options.getInputTopic());
    put(topics, "outputTopic", options.getOutputTopic());
    put(topics, "deadLetterTopic", Sinks.deadLetterTopic(options));
    String brokers = options.getBootstrapServers();
    if (!topics.isEmpty() && brokers != null && !problems.concern("bootstrapServers")) {
      checkTopics(brokers, topics, problems);
    }
    String registry = options.getRegistryUrl();
    if (registry != null && !problems.concern("registryUrl")) {
      SchemaRegistry.at(registry)
          .problem()
          .ifPresent(problem -> problems.add("registryUrl", problem));
    }
    if (options.getInput() != null && !problems.concern("input")) {
      FolderCheck.unreadable(options.getInput())
          .ifPresent(problem -> problems.add("input", problem));
    }
    checkFolder("output", options.getOutput(), problems);
    new Database(options).preflight(PATIENCE, problems);
    boolean lettersToFiles =
        Sinks.deadLetterTopic(options) == null || options.getDeadLetterFolder() != null;
    if (lettersToFiles && !problems.concern("output")) {
      checkFolder("deadLetterFolder", Sinks.deadLetterFolder(options), problems);
    }
  }

  private static void put(Map<String, String> topics, String option, String topic) {
    if (topic != null) {
      topics.put(option, topic);
    }
  }

  private static void checkTopics(
      String bootstrapServers, Map<String, String> topics, Problems problems) {
    KafkaCheck check = KafkaCheck.of(bootstrapServers, List.copyOf(topics.values()), PATIENCE);
    Optional<String> broker = check.brokerProblem();
    if (broker.isPresent()) {
      problems.add("bootstrapServers", "was \"" + bootstrapServers + "\"; " + broker.get());
      return;
    }
    topics.forEach(
        (option, topic) ->
            check
                .topicProblem(topic)
                .ifPresent(
                    problem ->
                        problems.add(
                            option,
                            "was \""
                                + topic
                                + "\", which "
                                + problem
                                + " on "
                                + bootstrapServers
                                + "; create it, or name another")));
  }

  private static void checkFolder(String option, String folder, Problems problems) {
    if (folder != null && !problems.concern(option)) {
      FolderCheck.unwritable(folder).ifPresent(problem -> problems.add(option, problem));
    }
  }
}
