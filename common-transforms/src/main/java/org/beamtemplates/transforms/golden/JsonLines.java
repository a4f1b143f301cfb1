package org.beamtemplates.transforms.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The results in a set of files, one JSON object a line; lines that are none are faults. */
final class JsonLines {

  private static final String ENDING = ".jsonl";

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .readerFor(JsonNode.class);

  /** One line: the object in it, and where it stands for messages. */
  record Line(JsonNode object, String place) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int files;

  private JsonLines() {}

  /**
   * Reads files, and in folders all {@code .jsonl} files whose name does not start with a dot or an
   * underscore (those are a writer's own).
   */
  static JsonLines read(Collection<Path> places) throws IOException {
    JsonLines lines = new JsonLines();
    for (Path file : filesIn(places)) {
      lines.readFile(file);
    }
    if (lines.files == 0) {
      lines.faults.add("no " + ENDING + " file in " + places);
    }
    return lines;
  }

  List<Line> lines() {
    return lines;
  }

  List<String> faults() {
    return faults;
  }

  int files() {
    return files;
  }

  private void readFile(Path file) throws IOException {
    files++;
    int number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file, UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          readLine(line, file + ":" + number);
        }
      }
    }
  }

  private void readLine(String line, String place) {
    try {
      JsonNode node = READER.readValue(line);
      if (node.isObject()) {
        lines.add(new Line(node, place));
      } else {
        faults.add(place + ": not a JSON object");
      }
    } catch (JsonProcessingException e) {
      faults.add(place + ": not valid JSON: " + e.getOriginalMessage());
    }
  }

  private static Collection<Path> filesIn(Collection<Path> places) throws IOException {
    TreeSet<Path> files = new TreeSet<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> found = Files.walk(place)) {
          found
              .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ENDING))
              .filter(file -> !isPrivate(place.relativize(file)))
              .forEach(files::add);
        }
      } else {
        files.add(place);
      }
    }
    return files;
  }

  private static boolean isPrivate(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
        return true;
      }
    }
    return false;
  }
}
