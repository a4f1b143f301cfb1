package org.beamtemplates.cli.create;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a checkout consists of, read from its poms and folders. */
final class Layout {

  private static final String PIPELINES = "pipelines/";
  private static final String RUNNERS = "runner-configs/";

  private static final Pattern JAVA =
      Pattern.compile(".*/src/(?:main|test)/java/(.+)/[^/]+\\.java");

  private final Path root;
  private final IgnoreRules ignored;
  private final Map<String, PomFile> modules = new TreeMap<>();

  private Layout(Path root, IgnoreRules ignored) {
    this.root = root;
    this.ignored = ignored;
  }

  static Layout of(Path root) throws IOException {
    Layout layout = new Layout(root, IgnoreRules.of(root));
    layout.read("");
    return layout;
  }

  private void read(String folder) throws IOException {
    PomFile pom = PomFile.read(root.resolve(folder).resolve("pom.xml"));
    modules.put(folder, pom);
    for (String module : pom.modules()) {
      read(folder.isEmpty() ? module : folder + "/" + module);
    }
  }

  Path root() {
    return root;
  }

  /** Returns the folders of all modules, without the root. */
  Set<String> folders() {
    Set<String> folders = new TreeSet<>(modules.keySet());
    folders.remove("");
    return folders;
  }

  PomFile pom(String folder) {
    return modules.get(folder);
  }

  Set<String> artifacts() {
    return modules.values().stream().map(PomFile::artifact).collect(toCollection(TreeSet::new));
  }

  /** Returns the runners that have a module. */
  List<String> runners() {
    return modules.keySet().stream()
        .filter(folder -> folder.startsWith(RUNNERS))
        .map(folder -> folder.substring(RUNNERS.length()))
        .toList();
  }

  static boolean isTemplate(String folder) {
    return folder.startsWith(PIPELINES);
  }

  static boolean isRunner(String folder) {
    return folder.startsWith(RUNNERS);
  }

  static String runnerFolder(String runner) {
    return RUNNERS + runner;
  }

  /** Returns the packages that have classes. */
  Set<String> packages() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (String module : folders()) {
      for (String path : sources(module).files().keySet()) {
        Matcher matcher = JAVA.matcher(path);
        if (matcher.matches()) {
          packages.add(matcher.group(1).replace('/', '.'));
        }
      }
    }
    return packages;
  }

  /** Returns the folders of the modules that some need: themselves, parents, dependencies. */
  Set<String> closure(Collection<String> folders, Collection<String> leftOut) {
    Set<String> found = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(folders);
    while (!open.isEmpty()) {
      String folder = open.remove();
      if (!leftOut.contains(folder) && found.add(folder)) {
        PomFile pom = modules.get(folder);
        modules.forEach(
            (other, otherPom) -> {
              if (otherPom.artifact().equals(pom.parent())
                  || pom.dependencies().contains(otherPom.artifact())) {
                open.add(other);
              }
            });
      }
    }
    found.remove("");
    return found;
  }

  /** Returns the sources in a module, without those of the modules in it. */
  FileTree sources(String module) throws IOException {
    FileTree tree = new FileTree();
    Path start = root.resolve(module);
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            Path path = root.relativize(folder);
            boolean other = !folder.equals(start) && Files.exists(folder.resolve("pom.xml"));
            return other || ignored.cover(path)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && !ignored.cover(root.relativize(file))) {
              add(file, tree);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return tree;
  }

  /** Returns some of the files of the root, those of them that exist. */
  FileTree files(Collection<String> paths) throws IOException {
    FileTree tree = new FileTree();
    for (String path : paths) {
      if (Files.isRegularFile(root.resolve(path))) {
        add(root.resolve(path), tree);
      }
    }
    return tree;
  }

  private void add(Path file, FileTree tree) throws IOException {
    String path = root.relativize(file).toString().replace('\\', '/');
    tree.files().put(path, Content.of(file));
  }
}
