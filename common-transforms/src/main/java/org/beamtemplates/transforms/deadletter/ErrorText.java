package org.beamtemplates.transforms.deadletter;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a dead letter tells of an error. It never fails itself, and its work is bounded: an error
 * can be its own cause, hold megabytes of text, or fail to say what is wrong.
 */
final class ErrorText {

  private static final int MAX_FRAMES = 12;
  private static final int MAX_CAUSES = 12;
  private static final int MAX_SUPPRESSED = 3;
  private static final int MAX_LINE = 300;
  private static final String NO_MESSAGE = "(no message)";

  private ErrorText() {}

  /** A message for people: that of the error, and the root cause's where it says something else. */
  static String message(Throwable error) {
    @Nullable String message = ownMessage(error);
    Throwable root = error;
    for (int depth = 0; depth < MAX_CAUSES; depth++) {
      @Nullable Throwable cause = cause(root);
      if (cause == null) {
        break;
      }
      root = cause;
    }
    @Nullable String cause = root == error ? null : ownMessage(root);
    if (message == null) {
      return cause == null ? NO_MESSAGE : cause;
    }
    return cause == null || message.contains(cause)
        ? message
        : cap(message + ": " + cause, StageDeadLetters.MAX_MESSAGE);
  }

  /**
   * The first frames, and a line for each cause and for what was suppressed. Without frames, as
   * errors of busy code and of parsers are, those of the first cause that has some.
   */
  static String stack(Throwable error) {
    StringBuilder stack = new StringBuilder(512);
    boolean framed = frames(error, stack);
    @Nullable Throwable cause = cause(error);
    for (int depth = 0; cause != null && cause != error && depth < MAX_CAUSES; depth++) {
      line("caused by: ", cause, stack);
      framed = framed || frames(cause, stack);
      cause = cause(cause);
    }
    Throwable[] suppressed = error.getSuppressed();
    for (int i = 0; i < Math.min(suppressed.length, MAX_SUPPRESSED); i++) {
      line("suppressed: ", suppressed[i], stack);
    }
    return cap(stack.toString(), StageDeadLetters.MAX_STACK);
  }

  /** Returns whether there are any. */
  private static boolean frames(Throwable error, StringBuilder stack) {
    StackTraceElement @Nullable [] frames = null;
    try {
      frames = error.getStackTrace();
    } catch (RuntimeException | StackOverflowError e) {
      // Then the dead letter does without.
    }
    if (frames == null) {
      return false;
    }
    for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
      stack.append("at ").append(frames[i]).append('\n');
    }
    return frames.length > 0;
  }

  private static void line(String what, Throwable error, StringBuilder stack) {
    stack.append(what).append(error.getClass().getName());
    @Nullable String message = ownMessage(error);
    if (message != null) {
      stack.append(": ").append(cap(message, MAX_LINE));
    }
    stack.append('\n');
  }

  /** An exception class can fail to say what is wrong, and that must not stop a job. */
  private static @Nullable String ownMessage(Throwable error) {
    try {
      @Nullable String message = error.getMessage();
      return message == null ? null : cap(message, StageDeadLetters.MAX_MESSAGE);
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      return null;
    }
  }

  /** Returns the cause; null if there is none, or if the error fails to say. */
  static @Nullable Throwable cause(Throwable error) {
    try {
      return error.getCause();
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      return null;
    }
  }

  /** Cuts a text to a length, and no character in two. */
  static String cap(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
    return text.substring(0, end) + "…";
  }
}
