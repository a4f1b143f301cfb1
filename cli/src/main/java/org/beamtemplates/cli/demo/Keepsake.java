package org.beamtemplates.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.demo.Demo;
import org.beamtemplates.transforms.demo.ResultTable;

/**
 * What a demo leaves in a folder: events, results, dead letters and the accounting, as files that
 * the other commands read.
 *
 * @param folder the folder
 */
record Keepsake(Path folder) {

  private static final String EVENTS = "events.jsonl";
  private static final String RESULTS = "results.jsonl";
  private static final String EXPECTED = "expected.jsonl";
  private static final String DEAD_LETTERS = "dead-letters/dead-letters.avro";
  private static final String ACCOUNTING = "accounting.txt";

  /**
   * Makes the folder.
   *
   * @throws Refusal if it has files in it, or cannot be written
   */
  static Keepsake into(Path folder) {
    try {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new Refusal("--keep=" + folder + " is a file: name a folder that is empty or new");
      }
      Files.createDirectories(folder);
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isPresent()) {
          throw new Refusal(
              "--keep=" + folder + " is not empty: name a folder that is empty or new");
        }
      }
      Files.delete(Files.createTempFile(folder, "probe", ""));
      return new Keepsake(folder);
    } catch (IOException e) {
      throw new Refusal("--keep=" + folder + " cannot be written (" + e + ")");
    }
  }

  /** Writes what the topics hold, before the broker ends. */
  void addTopics(String brokers, Demo demo, EventReader events) {
    Set<String> dead = addDeadLetters(brokers, demo);
    try (BufferedWriter lines = Files.newBufferedWriter(folder.resolve(EVENTS), UTF_8)) {
      TopicPass.readAll(
          brokers,
          demo.inputTopic(),
          found -> {
            if (!dead.contains(coordinates(found))) {
              events.json(found).ifPresent(json -> write(lines, json));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + folder.resolve(EVENTS), e);
    }
  }

  /** Writes the results of complete windows, and those that the ledger expects. */
  void addResults(Connection connection, ResultTable table, Map<String, Long> expected)
      throws SQLException {
    write(RESULTS, table.finalResults(connection));
    write(
        EXPECTED,
        new TreeMap<>(expected)
            .entrySet().stream()
                .map(entry -> table.expected(entry.getKey(), entry.getValue()))
                .toList());
  }

  void addAccounting(String report) {
    write(ACCOUNTING, report.lines().toList());
  }

  /** Copies the job's log and its output. */
  void addJob(Path log, Path output) {
    copy(log, "job.log");
    copy(output, "job.out");
  }

  /** Returns the commands that read the files. */
  String howToUse(Demo demo, String config) {
    String template = demo.template();
    String place = quoted(folder);
    return """

        Kept in %2$s. Do it once more from the file of events, and compare:
          ./templates compare %1$s --fields=events %3$s/expected.jsonl %3$s/results.jsonl
          ./templates run %1$s --on %4$s --input=%3$s/events.jsonl --output=%3$s/again
          ./templates compare %1$s --fields=events %3$s/expected.jsonl %3$s/again

        Look at the dead letters, at one of them, and replay them on a Kafka of your own or of services:
          ./templates deadletters list %3$s
          ./templates deadletters show <id> %3$s
          ./templates services --topics=%5$s:%6$d
          ./templates deadletters replay %3$s --bootstrapServers=<brokers> --backoff=0s
        """
        .formatted(template, folder, place, config, demo.inputTopic(), demo.partitions());
  }

  /** Returns where the dead letters came from. */
  private Set<String> addDeadLetters(String brokers, Demo demo) {
    Path file = folder.resolve(DEAD_LETTERS);
    Set<String> coordinates = new HashSet<>();
    Set<String> ids = new HashSet<>();
    try (DataFileWriter<DeadLetter> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(DeadLetter.class))) {
      Files.createDirectories(file.getParent());
      writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
      writer.create(DeadLetter.getClassSchema(), file.toFile());
      TopicPass.readAll(
          brokers,
          demo.deadLetterTopic(),
          found ->
              Letter.of(found)
                  .filter(letter -> ids.add(letter.getId()))
                  .ifPresent(
                      letter -> {
                        coordinates.add(letter.getPartition() + "@" + letter.getOffset());
                        append(writer, letter);
                      }));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    return coordinates;
  }

  private static void append(DataFileWriter<DeadLetter> writer, DeadLetter letter) {
    try {
      writer.append(letter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String coordinates(ConsumerRecord<?, ?> found) {
    return found.partition() + "@" + found.offset();
  }

  private void write(String name, List<String> lines) {
    try {
      Files.write(folder.resolve(name), lines, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + folder.resolve(name), e);
    }
  }

  private static void write(BufferedWriter writer, String line) {
    try {
      writer.write(line);
      writer.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy(Path file, String name) {
    try {
      Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException absent) {
      write(name, List.of("There was no " + file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot copy " + file + " to " + folder, e);
    }
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
