package org.beamtemplates.testing.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a runner lacks, and why: {@code conformance/<runner>.properties} among the resources of its
 * module's tests, with a line for each tag of {@link Conforms} that it cannot serve. A reason
 * begins with {@code refused:} if the launcher refuses such a job, with {@code not applicable:} if
 * only the test cannot be told there.
 */
public final class Gaps {

  /** System property that names the runner of the tests. */
  static final String RUNNER = "conformance.runner";

  private static final String REFUSED = "refused:";
  private static final String DEFAULT_RUNNER = "direct";

  private final String runner;
  private final Map<String, String> reasons;

  private Gaps(String runner, Map<String, String> reasons) {
    this.runner = runner;
    this.reasons = reasons;
  }

  /** Returns the gaps of the runner that this JVM's tests are for. */
  public static Gaps here() {
    return of(System.getProperty(RUNNER, DEFAULT_RUNNER));
  }

  /** Returns the gaps of a runner; none if it has no such file. */
  public static Gaps of(String runner) {
    Properties properties = new Properties();
    String resource = "/conformance/" + runner + ".properties";
    try (InputStream in = Gaps.class.getResourceAsStream(resource)) {
      if (in != null) {
        properties.load(new InputStreamReader(in, UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
    Map<String, String> reasons = new TreeMap<>();
    properties.stringPropertyNames().forEach(tag -> reasons.put(tag, properties.getProperty(tag)));
    return new Gaps(runner, reasons);
  }

  /** Returns the name of the runner. */
  String runner() {
    return runner;
  }

  /** Returns why a test with these tags cannot run: what the launcher refuses comes first. */
  public Optional<String> reason(Collection<String> tags) {
    return reasons.entrySet().stream()
        .filter(gap -> tags.contains(gap.getKey()))
        .map(Map.Entry::getValue)
        .min(Comparator.comparing(reason -> !reason.startsWith(REFUSED)));
  }
}
