package org.beamtemplates.cli.create;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.beamtemplates.transforms.launch.Template;

/**
 * This checkout, whichever templates it has: a project made by the command has other ones, and
 * these tests, too.
 */
final class Checkout {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Set<String> NO_SOURCES = Set.of("target", ".git", "checkpoints");

  private Checkout() {}

  static List<ExistingTemplate> templates() {
    return ServiceLoader.load(Template.class).stream()
        .<Template<?>>map(ServiceLoader.Provider::get)
        .map(
            template ->
                new ExistingTemplate(
                    template.name(), template.getClass().getPackageName(), template.summary()))
        .toList();
  }

  static ExistingTemplate template() {
    return templates().get(0);
  }

  /** Returns the sources below a folder. */
  static SortedMap<String, String> files(Path root) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    walk(
        root,
        file ->
            files.put(
                root.relativize(file).toString(), new String(Files.readAllBytes(file), UTF_8)));
    return files;
  }

  static Path copyTo(Path folder) throws IOException {
    walk(
        ROOT,
        file -> {
          Path copy = folder.resolve(ROOT.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        });
    return folder;
  }

  private interface Visit {
    void to(Path file) throws IOException;
  }

  private static void walk(Path root, Visit visit) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NO_SOURCES.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            // In a linked worktree, .git is a file.
            if (!NO_SOURCES.contains(file.getFileName().toString())) {
              visit.to(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
