package org.beamtemplates.testing.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down how each test with {@link Conforms} has ended: a line of {@code
 * target/conformance/<config>.tsv}, in the module whose tests run.
 */
public final class ConformanceListener implements TestExecutionListener {

  private static final String SUFFIX = ".tsv";
  private static final TestTag TAG = TestTag.create(Conforms.TAG);

  private final Path file;
  private TestPlan plan;

  /** For JUnit's service loader. */
  public ConformanceListener() {
    this(Path.of("target", "conformance", Gaps.here().runner() + SUFFIX));
  }

  ConformanceListener(Path file) {
    this.file = file;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    if (methodOf(test).isPresent()) {
      note(test, "skipped", reason);
    }
    // A class that is skipped tells nothing of its methods.
    plan.getDescendants(test).stream()
        .filter(below -> methodOf(below).isPresent())
        .forEach(below -> note(below, "skipped", reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
      String outcome =
          switch (result.getStatus()) {
            case SUCCESSFUL -> "passed";
            case ABORTED -> "skipped";
            case FAILED -> "failed";
          };
      note(test, outcome, result.getThrowable().map(Throwable::getMessage).orElse(""));
    }
  }

  private void note(TestIdentifier test, String outcome, String reason) {
    if (!test.getTags().contains(TAG)) {
      return;
    }
    conforms(test)
        .ifPresent(
            proves ->
                write(
                    proves.on().isEmpty() ? file : file.resolveSibling(proves.on() + SUFFIX),
                    proves.subject(),
                    proves.capability(),
                    test.getUniqueId(),
                    outcome,
                    reason == null ? "" : reason));
  }

  private static Optional<Conforms> conforms(TestIdentifier test) {
    Optional<Method> method = methodOf(test).map(MethodSource::getJavaMethod);
    return method
        .flatMap(m -> AnnotationSupport.findAnnotation(m, Conforms.class))
        .or(() -> classOf(test).flatMap(c -> AnnotationSupport.findAnnotation(c, Conforms.class)));
  }

  private static Optional<MethodSource> methodOf(TestIdentifier test) {
    return test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
  }

  private static Optional<Class<?>> classOf(TestIdentifier test) {
    Optional<TestSource> source = test.getSource();
    if (source.orElse(null) instanceof MethodSource method) {
      return Optional.of(method.getJavaClass());
    }
    return source.orElse(null) instanceof ClassSource of
        ? Optional.of(of.getJavaClass())
        : Optional.empty();
  }

  private static synchronized void write(Path file, String... columns) {
    String line = String.join("\t", columns).replaceAll("[\\r\\n]+", " ") + "\n";
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, line, UTF_8, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
