package org.beamtemplates.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Template;

/**
 * What a user has seen of a launch that has ended.
 *
 * <pre>{@code
 * Launched launched = Launched.of(new RealtimeAnalytics(), "--windowSize=banana");
 * assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
 * assertThat(launched.problems()).anyMatch(line -> line.contains("--windowSize"));
 * }</pre>
 *
 * @param exitCode see {@link Launcher}
 * @param out what went to standard output
 * @param err what went to standard error
 */
public record Launched(int exitCode, String out, String err) {

  /** Launches a template as its main method does, and waits for its end. */
  public static Launched of(Template<?> template, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Launcher.run(
            template, args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new Launched(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Returns the problems that a launch was refused for, one line each. */
  public List<String> problems() {
    return err.lines().filter(line -> line.startsWith("  --")).toList();
  }
}
