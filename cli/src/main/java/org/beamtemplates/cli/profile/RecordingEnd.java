package org.beamtemplates.cli.profile;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.beamtemplates.transforms.launch.LaunchEnd;

/**
 * Writes the recording, in the JVM of the job. The JDK's own hook writes it when a signal comes,
 * while the job is being stopped: then that is awaited, or the halt at the end of a stop would
 * leave an empty file.
 */
public final class RecordingEnd implements LaunchEnd {

  /** System property of the job: the file. */
  static final String FILE = "beamtemplates.profile";

  /** Name of the recording. */
  static final String NAME = "beam-templates";

  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int LOOK_MILLIS = 20;

  /** Made by the launcher. */
  public RecordingEnd() {}

  @Override
  public void ended(PrintStream out) {
    String file = System.getProperty(FILE);
    try {
      awaitWritten();
      if (Files.size(Path.of(file)) == 0) {
        out.println("There is no profile in " + file + ": the recorder has not written it in time");
        return;
      }
      out.println(
          "profile: "
              + file
              + " (a recording, for JDK Mission Control, an IDE or the jfr command)");
    } catch (IOException e) {
      out.println("There is no profile in " + file + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitWritten() throws InterruptedException {
    long startNanos = System.nanoTime();
    Optional<Recording> recording = recording();
    while (recording.isPresent() && System.nanoTime() - startNanos < PATIENCE_NANOS) {
      if (recording.get().getState() == RecordingState.RUNNING) {
        stop(recording.get());
      } else {
        Thread.sleep(LOOK_MILLIS);
      }
      recording = recording();
    }
  }

  /** A recording with a destination is closed, and so unknown, once it is written. */
  private static Optional<Recording> recording() {
    return FlightRecorder.getFlightRecorder().getRecordings().stream()
        .filter(recording -> recording.getName().equals(NAME))
        .findFirst();
  }

  private static void stop(Recording recording) {
    try {
      recording.stop();
    } catch (IllegalStateException e) {
      // The hook of the JDK has come first.
    }
  }
}
