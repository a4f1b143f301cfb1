package org.beamtemplates.transforms.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/** A launch in the background that a test can stop, as a signal does. */
public final class StoppableLaunch {

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final Launch<?> launch;

  private StoppableLaunch(Template<?> template, String... args) {
    PrintStream stream = new PrintStream(text, true, UTF_8);
    launch = new Launch<>(template, args, Path.of(""), stream, stream);
  }

  /** Launches a template. */
  public static StoppableLaunch start(Template<?> template, String... args) {
    StoppableLaunch started = new StoppableLaunch(template, args);
    Thread thread = new Thread(started.launch::run, "launch");
    thread.setDaemon(true);
    thread.start();
    return started;
  }

  /** Stops the job and returns the exit code. */
  public int stop() {
    return launch.stop();
  }

  /** Returns whether the launch has ended by itself. */
  public boolean hasEnded() {
    return launch.hasEnded();
  }

  /** Returns what was printed. */
  public String text() {
    return text.toString(UTF_8);
  }
}
