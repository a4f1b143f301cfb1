package org.beamtemplates.cli.create;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Files that are to be written: their paths, with slashes, and what is in them. */
final class FileTree {

  private final SortedMap<String, Content> files = new TreeMap<>();

  SortedMap<String, Content> files() {
    return files;
  }

  boolean has(String path) {
    return files.containsKey(path);
  }

  /** Returns whether there is a file or a folder. */
  boolean hasPath(String path) {
    String folder = path.isEmpty() || path.endsWith("/") ? path : path + "/";
    return has(path) || files.keySet().stream().anyMatch(file -> file.startsWith(folder));
  }

  String text(String path) {
    return files.get(path).text().orElseThrow();
  }

  void put(String path, String text) {
    files.put(path, Content.ofText(text));
  }

  void putAll(FileTree more) {
    files.putAll(more.files);
  }

  void removeIf(Predicate<String> path) {
    files.keySet().removeIf(path);
  }

  FileTree only(Predicate<String> path) {
    FileTree result = new FileTree();
    result.putAll(this);
    result.removeIf(path.negate());
    return result;
  }

  /** Changes the texts of files. */
  void edit(Predicate<String> path, UnaryOperator<String> change) {
    files.replaceAll(
        (name, content) ->
            path.test(name)
                ? content.text().map(text -> content.withText(change.apply(text))).orElse(content)
                : content);
  }

  /** Returns the files with other names and texts; Java files that differ are formatted anew. */
  FileTree renamed(Rename rename) {
    FileTree result = new FileTree();
    files.forEach(
        (path, content) -> result.files.put(rename.in(path), renamed(path, content, rename)));
    return result;
  }

  private static Content renamed(String path, Content content, Rename rename) {
    String text = content.text().orElse(null);
    if (text == null) {
      return content;
    }
    String renamed = rename.in(text);
    if (renamed.equals(text)) {
      return content;
    }
    return content.withText(JavaFormat.covers(path) ? JavaFormat.format(path, renamed) : renamed);
  }
}
