package org.beamtemplates.pipelines.deadletterreplay;

import java.util.Optional;

/** Finds the repair that an option names. */
final class Repairs {

  private Repairs() {}

  /**
   * Returns what is wrong with the name of a class, as the rest of a sentence; empty if nothing.
   */
  static Optional<String> problem(String className) {
    try {
      create(className);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  static RepairFn create(String className) {
    try {
      Class<?> named =
          Class.forName(className, true, Thread.currentThread().getContextClassLoader());
      return named.asSubclass(RepairFn.class).getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "which is not on the class path; give the name with its package, and put its jar there",
          e);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException("which does not implement " + RepairFn.class.getName(), e);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalArgumentException(
          "which cannot be made: it has to be a public class with a public constructor without"
              + " arguments ("
              + e
              + ")",
          e);
    }
  }
}
