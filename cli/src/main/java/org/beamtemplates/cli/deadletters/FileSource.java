package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Files of dead letters: Avro containers and JSON lines, told by their names.
 *
 * @param where what the user named
 * @param files the files, in the order of their names
 */
record FileSource(Path where, List<Path> files) implements LetterSource {

  static final String AVRO = ".avro";
  static final String JSON_LINES = ".jsonl";

  private static final String LETTERS_FOLDER = "dead-letters";

  /**
   * Returns a file; or all files of a folder and of those in it. A folder that has one named
   * {@value #LETTERS_FOLDER}, as a demo leaves it, stands for that one.
   */
  static FileSource of(Path where) {
    if (Files.notExists(where)) {
      throw new Refusal("There is no file or folder " + where);
    }
    if (!Files.isDirectory(where)) {
      if (!isLetters(where)) {
        throw new Refusal(
            where + " is no file of dead letters; allowed are " + AVRO + " and " + JSON_LINES);
      }
      return new FileSource(where, List.of(where));
    }
    Path inner = where.resolve(LETTERS_FOLDER);
    Path folder = Files.isDirectory(inner) ? inner : where;
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> files =
          tree.filter(FileSource::isLetters).filter(Files::isRegularFile).sorted().toList();
      if (files.isEmpty()) {
        throw new Refusal("There is no " + AVRO + " or " + JSON_LINES + " file in " + folder);
      }
      return new FileSource(where, files);
    } catch (IOException | UncheckedIOException e) {
      throw new Refusal("Cannot look into " + folder + " (" + e.getMessage() + ")");
    }
  }

  static Path folderOf(Path file) {
    return file.toAbsolutePath().normalize().getParent();
  }

  /** What begins with a dot or an underscore is a writer's own. */
  private static boolean isLetters(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return (name.endsWith(AVRO) || name.endsWith(JSON_LINES))
        && !name.startsWith(".")
        && !name.startsWith("_");
  }

  @Override
  public void read(LetterReader reader) {
    for (Path file : files) {
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(AVRO)) {
        readContainer(file, reader);
      } else {
        readLines(file, reader);
      }
    }
  }

  @Override
  public String name() {
    return where.toString();
  }

  /** A container that is broken gives what is before the break. */
  private static void readContainer(Path file, LetterReader reader) {
    long number = 0;
    try (DataFileReader<DeadLetter> letters =
        new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(DeadLetter.class))) {
      while (letters.hasNext()) {
        reader.letter(new Found(letters.next(), file + "#" + number));
        number++;
      }
      // A file that ends within a block looks as if it ended before it.
      long missing = Files.size(file) - letters.previousSync();
      if (missing > 0) {
        reader.malformed(file + "#" + number, "the file is truncated: its last block is not whole");
      }
    } catch (IOException | AvroRuntimeException e) {
      reader.malformed(
          file + "#" + number, "the file cannot be read from here on: " + e.getMessage());
    }
  }

  private static void readLines(Path file, LetterReader reader) {
    LetterJson json = new LetterJson();
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String place = file + "#" + number;
        if (!line.isBlank()) {
          json.read(line, place, reader);
        }
        number++;
      }
    } catch (IOException e) {
      reader.malformed(
          file + "#" + number, "the file cannot be read from here on: " + e.getMessage());
    }
  }
}
