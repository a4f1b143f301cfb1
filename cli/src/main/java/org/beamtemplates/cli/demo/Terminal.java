package org.beamtemplates.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where the demo is shown. With a terminal that can be drawn on, pictures replace each other on a
 * screen of their own, and {@link #close()} gives back what was there before; else there are lines
 * only.
 */
final class Terminal implements AutoCloseable {

  /**
   * How large the terminal is.
   *
   * @param columns its width
   * @param rows its height
   */
  record Size(int columns, int rows) {}

  private static final Size USUAL = new Size(80, 24);
  private static final long SIZE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final String CONTROL = (char) 27 + "[";
  private static final String ENTER = CONTROL + "?1049h" + CONTROL + "?25l";
  private static final String LEAVE = CONTROL + "?25h" + CONTROL + "?1049l";
  private static final String HOME = CONTROL + "H";
  private static final String CLEAR = CONTROL + "2J";
  private static final String CLEAR_LINE = CONTROL + "K";
  private static final String CLEAR_BELOW = CONTROL + "J";

  /** Between these, a terminal that knows them shows nothing half drawn. */
  private static final String BEGIN = CONTROL + "?2026h";

  private static final String END = CONTROL + "?2026l";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean drawable;
  private final boolean colours;
  private boolean drawing;
  private boolean closed;
  private Size size = USUAL;
  private long sizeNanos;

  Terminal(OutputStream out, PrintStream err, boolean drawable, boolean colours) {
    this.out = new PrintStream(out, false, UTF_8);
    this.err = err;
    this.drawable = drawable;
    this.colours = colours;
  }

  /** Returns the terminal of this process, if its standard output is one. */
  static Terminal of(OutputStream out, PrintStream err, Map<String, String> environment) {
    String kind = environment.getOrDefault("TERM", "dumb");
    boolean drawable = !kind.equals("dumb") && !kind.isEmpty() && isTerminal();
    boolean colours = drawable && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, err, drawable, colours);
  }

  boolean isDrawable() {
    return drawable;
  }

  boolean hasColours() {
    return colours;
  }

  /** Returns the size, looked up once a second. */
  synchronized Size size() {
    if (sizeNanos == 0 || System.nanoTime() - sizeNanos > SIZE_NANOS) {
      sizeNanos = System.nanoTime();
      Size now = ask();
      if (!now.equals(size) && drawing) {
        out.print(CLEAR);
      }
      size = now;
    }
    return size;
  }

  /** Replaces the picture. */
  synchronized void draw(List<String> lines) {
    if (closed) {
      return;
    }
    StringBuilder picture = new StringBuilder();
    if (!drawing) {
      drawing = true;
      picture.append(ENTER).append(CLEAR);
    }
    picture.append(BEGIN).append(HOME);
    picture.append(String.join(CLEAR_LINE + "\r\n", lines)).append(CLEAR_LINE);
    picture.append(CLEAR_BELOW).append(END);
    out.print(picture);
    out.flush();
  }

  /** Writes text below what was written before; a picture is gone then. */
  synchronized void print(String text) {
    leavePicture();
    out.print(text);
    out.flush();
  }

  void println(String line) {
    print(line + System.lineSeparator());
  }

  /** Says what went wrong, on the standard error; a picture is gone then. */
  synchronized void complain(String line) {
    leavePicture();
    err.println(line);
  }

  /** Returns whether nobody reads any more. */
  boolean isBroken() {
    return out.checkError();
  }

  /** Takes the picture away. Whatever is drawn later is not shown. */
  @Override
  public synchronized void close() {
    closed = true;
    leavePicture();
  }

  private void leavePicture() {
    if (drawing) {
      drawing = false;
      out.print(LEAVE);
      out.flush();
    }
  }

  private static boolean isTerminal() {
    try {
      Process test =
          new ProcessBuilder("sh", "-c", "test -t 1").redirectOutput(Redirect.INHERIT).start();
      return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Size ask() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String answer = new String(stty.getInputStream().readAllBytes(), UTF_8).strip();
      if (answer.matches("[1-9]\\d{0,4} [1-9]\\d{0,4}")) {
        String[] words = answer.split(" ", -1);
        return new Size(Integer.parseInt(words[1]), Integer.parseInt(words[0]));
      }
      return USUAL;
    } catch (IOException e) {
      return USUAL;
    }
  }
}
