package org.beamtemplates.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.beamtemplates.transforms.golden.Comparison;
import org.beamtemplates.transforms.golden.GoldenFile;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The committed results of a template, in {@code src/test/resources/golden} of its module. Read
 * from where the test's class is, so that another module can run the test with its own runner.
 *
 * <pre>{@code
 * GoldenResults.of(getClass(), "expected.jsonl", template.resultKey()).hold(outputFolder);
 * }</pre>
 */
public final class GoldenResults {

  /** System property that writes what the pipeline gives over the golden file. */
  static final String UPDATE = "golden.update";

  private static final String FOLDER = "golden/";
  private static final Path RESOURCES = Path.of("src", "test", "resources");

  private final Class<?> test;
  private final String name;
  private final List<String> key;
  private final Path resources;

  private GoldenResults(Class<?> test, String name, List<String> key, Path resources) {
    this.test = requireNonNull(test, "test");
    this.name = requireNonNull(name, "name");
    this.key = List.copyOf(key);
    this.resources = resources;
  }

  /**
   * The results in a golden file.
   *
   * @param test a class of the module that the file belongs to
   * @param name name of the file
   * @param key the fields that identify a result
   */
  public static GoldenResults of(Class<?> test, String name, List<String> key) {
    return new GoldenResults(test, name, key, RESOURCES);
  }

  /** Updates another folder than {@code src/test/resources}. */
  GoldenResults in(Path otherResources) {
    return new GoldenResults(test, name, key, otherResources);
  }

  /**
   * Copies a file that lies beside the golden one, such as the input, where a pipeline reads it.
   */
  public static Path copyOf(Class<?> test, String name, Path folder) {
    byte[] content = read(test, name);
    if (content == null) {
      throw new AssertionError("There is no " + FOLDER + name + " in the resources of the tests.");
    }
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fails with the differences if the final results are not the committed ones, or if there are
   * none. Returns the comparison.
   *
   * <p>With {@code -Dgolden.update=true} it writes the results over the golden file and fails all
   * the same: such a file says what the pipeline gives, and not yet what is right.
   *
   * @param outputs file, or folder with files, of JSON lines
   */
  public Comparison hold(Path outputs) {
    try {
      if (Boolean.getBoolean(UPDATE)) {
        throw new AssertionError(update(outputs));
      }
      return compare(outputs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Comparison compare(Path outputs) throws IOException {
    byte[] committed = read(test, name);
    if (committed == null) {
      throw new AssertionError("There is no " + FOLDER + name + " yet." + howToAccept());
    }
    Path copy = Files.createTempFile("golden", ".jsonl");
    try {
      Files.write(copy, committed);
      Comparison comparison = GoldenFile.read(copy).compare(List.of(outputs), key);
      if (!comparison.isEqual()) {
        throw new AssertionError(
            "The results differ from "
                + FOLDER
                + name
                + ".\n"
                + comparison.report()
                + howToAccept());
      }
      if (comparison.equal() == 0) {
        throw new AssertionError(FOLDER + name + " is empty, which proves nothing.");
      }
      return comparison;
    } finally {
      Files.delete(copy);
    }
  }

  private String update(Path outputs) throws IOException {
    if (!Files.isDirectory(resources)) {
      return "Update " + FOLDER + name + " in the module that it lies in.";
    }
    List<String> lines = GoldenFile.finalLines(List.of(outputs), key);
    Path file = resources.resolve(FOLDER + name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
    return "Wrote "
        + lines.size()
        + " final results to "
        + file
        + ". They are what the pipeline gives, which need not be right: check every difference by"
        + " hand or with a second implementation, then run the test without -D"
        + UPDATE
        + ".";
  }

  private String howToAccept() {
    return "\nTo take over what the pipeline gives, run "
        + test.getSimpleName()
        + " with -D"
        + UPDATE
        + "=true, and check the file by hand or with a second implementation before it is"
        + " committed: a golden file that the pipeline wrote and nobody checked proves nothing.";
  }

  private static byte @Nullable [] read(Class<?> test, String name) {
    String home = test.getProtectionDomain().getCodeSource().getLocation().toString();
    try {
      // Every template has files of these names, and a runner's module sees those of all.
      for (URL url : Collections.list(test.getClassLoader().getResources(FOLDER + name))) {
        if (url.toString().contains(home)) {
          try (InputStream in = url.openStream()) {
            return in.readAllBytes();
          }
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
