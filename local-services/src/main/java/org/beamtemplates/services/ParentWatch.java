package org.beamtemplates.services;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another main class and halts this JVM as soon as the JVM that started it is gone.
 *
 * <p>Standard input is a pipe whose other end the parent holds open and never writes to. The
 * operating system closes it when the parent ends, however it ends, and no shutdown hook has to run
 * for that. Uses nothing but the JDK and is a single class file, because it is copied to where the
 * child finds it.
 */
final class ParentWatch {

  private ParentWatch() {}

  /** Takes the name of the main class to run, and then its arguments. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread watch = new Thread(ParentWatch::haltAtEndOfInput, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
  }

  private static void haltAtEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Whatever arrives only says that the parent is there.
      }
    } catch (IOException e) {
      System.err.println("Standard input broke: " + e);
    }
    Runtime.getRuntime().halt(1);
  }
}
