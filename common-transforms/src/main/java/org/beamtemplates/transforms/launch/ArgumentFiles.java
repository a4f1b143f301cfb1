package org.beamtemplates.transforms.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Replaces every {@code @file} by the arguments in that file: one a line; blank lines and lines
 * that start with {@code #} are skipped; {@code ${here}} stands for the file's folder. A file may
 * name another one; its path is relative to the file that names it, those of the command line to
 * the current directory.
 */
final class ArgumentFiles {

  private static final String HERE = "${here}";

  private final Problems problems;
  private final List<Argument> arguments = new ArrayList<>();
  private final Deque<Path> open = new ArrayDeque<>();

  private ArgumentFiles(Problems problems) {
    this.problems = problems;
  }

  /** Returns all arguments in order; files that cannot be read are reported and left out. */
  static List<Argument> expand(String[] args, Path currentDirectory, Problems problems) {
    ArgumentFiles files = new ArgumentFiles(problems);
    for (String arg : args) {
      files.add(Argument.ofCommandLine(arg), currentDirectory);
    }
    return List.copyOf(files.arguments);
  }

  private void add(Argument argument, Path folder) {
    if (argument.text().startsWith("@")) {
      read(argument, folder);
    } else {
      arguments.add(argument);
    }
  }

  private void read(Argument argument, Path folder) {
    Path file = folder.resolve(argument.text().substring(1)).toAbsolutePath().normalize();
    if (open.contains(file)) {
      problems.add(
          "", argument.text() + " names itself, directly or through others" + argument.place());
      return;
    }
    open.push(file);
    try {
      int number = 0;
      for (String line : Files.readAllLines(file, UTF_8)) {
        number++;
        String text = line.strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          String resolved = text.replace(HERE, file.getParent().toString());
          add(new Argument(resolved, file.toString(), number), file.getParent());
        }
      }
    } catch (IOException e) {
      problems.add(
          "", argument.text() + " cannot be read" + argument.place() + ": " + reason(file, e));
    } finally {
      open.pop();
    }
  }

  private static String reason(Path file, IOException e) {
    if (Files.notExists(file)) {
      return "there is no file " + file;
    }
    if (Files.isDirectory(file)) {
      return file + " is a folder";
    }
    return e instanceof CharacterCodingException ? file + " is not UTF-8 text" : e.getMessage();
  }
}
