package org.beamtemplates.services;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes a program in a child JVM end with this JVM, however this one ends: without a shutdown hook,
 * so also if it is killed.
 *
 * <p>The child needs its standard input as a pipe, as {@link ProcessBuilder} makes it by default,
 * and this JVM has to hold on to the {@link Process}: were it forgotten, the garbage collector
 * would close the pipe and so end the child.
 */
public final class ParentGuard {

  private static final Set<String> CLASSPATH_FLAGS = Set.of("-cp", "-classpath");

  private ParentGuard() {}

  /**
   * Returns a command that does the same and ends with this JVM.
   *
   * @param command {@code java … -cp <classpath> <main class> <arguments …>}
   * @param folder where to put a class that the child finds; it has to exist as long as the child
   * @throws IllegalArgumentException if the command names no classpath with a main class behind it
   */
  public static List<String> guarded(List<String> command, Path folder) {
    int flag = 0;
    while (flag < command.size() && !CLASSPATH_FLAGS.contains(command.get(flag))) {
      flag++;
    }
    if (flag + 2 >= command.size()) {
      throw new IllegalArgumentException("No -cp and main class in " + command);
    }
    List<String> guarded = new ArrayList<>(command);
    guarded.set(
        flag + 1,
        command.get(flag + 1)
            + System.getProperty("path.separator")
            + ClassFile.copy(ParentWatch.class.getName(), folder.resolve("watch")));
    guarded.add(flag + 2, ParentWatch.class.getName());
    return List.copyOf(guarded);
  }
}
