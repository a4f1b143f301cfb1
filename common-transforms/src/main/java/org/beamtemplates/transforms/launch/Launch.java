package org.beamtemplates.transforms.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.ApplicationNameOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One launch of a template, from its arguments to its exit code. {@link #run} belongs to one
 * thread; {@link #stop} may be called from any.
 *
 * @param <T> the options of the template
 */
final class Launch<T extends PipelineOptions> {

  private static final Logger LOG = LoggerFactory.getLogger(Launch.class);
  private static final String HELP = "--help";
  private static final String EXPLAIN = "--explain";
  private static final String EXPLAIN_JSON = "--explain=json";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Template<T> template;
  private final String[] args;
  private final boolean explains;
  private final boolean explainsAsJson;
  private final Optional<UpgradeCheck> upgrade;
  private final Path currentDirectory;
  private final PrintStream out;
  private final PrintStream err;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final RunningJob job = new RunningJob();
  private final LaunchEnds ends;
  private volatile int exitCode = Launcher.FAILED;

  Launch(
      Template<T> template,
      String[] args,
      Path currentDirectory,
      PrintStream out,
      PrintStream err) {
    this.template = template;
    this.args =
        Arrays.stream(UpgradeCheck.without(args))
            .filter(arg -> !arg.equals(EXPLAIN) && !arg.equals(EXPLAIN_JSON))
            .toArray(String[]::new);
    this.upgrade = UpgradeCheck.in(args);
    this.explainsAsJson = Arrays.asList(args).contains(EXPLAIN_JSON);
    this.explains = explainsAsJson || Arrays.asList(args).contains(EXPLAIN);
    this.currentDirectory = currentDirectory;
    this.out = out;
    this.err = err;
    this.ends = new LaunchEnds(out);
  }

  /** Checks, builds, runs and waits; returns the exit code. */
  int run() {
    try {
      exitCode = answer();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("{} failed to launch", template.name(), e);
      exitCode = fail("failed to launch, which is a fault of ours", e);
    } finally {
      ends.tell();
      out.flush();
      err.flush();
      ended.countDown();
    }
    return exitCode;
  }

  private int answer() {
    if (Arrays.asList(args).contains(HELP)) {
      return describe();
    }
    if (upgrade.isPresent()) {
      return checkUpgrade(upgrade.get());
    }
    return explains ? explain() : checkAndRun();
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Returns whether the runner has taken the job. */
  boolean hasStarted() {
    return job.result().isPresent();
  }

  /**
   * Stops the job and waits until {@link #run} has told its end, but not for ever; returns the exit
   * code. Without a job yet, there is nothing to wait for.
   */
  int stop() {
    int code = stopAndAwait();
    ends.tell();
    return code;
  }

  private int stopAndAwait() {
    try {
      if (!job.stop()) {
        err.println(template.name() + " was stopped before the job started");
        return Launcher.DONE;
      }
      if (ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return exitCode;
      }
      err.println(template.name() + " did not stop within " + Durations.format(PATIENCE));
    } catch (IOException | RuntimeException e) {
      LOG.error("{} could not be stopped", template.name(), e);
      err.println(template.name() + " could not be stopped: " + Causes.rootOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Launcher.FAILED;
  }

  private int describe() {
    out.print(TemplateDescription.of(template));
    Problems problems = new Problems();
    T options =
        OptionsParser.parse(template.optionsClass(), withoutHelp(args), currentDirectory, problems);
    addNews(problems, template::validate, options);
    if (problems.isEmpty()) {
      out.print(execution(options));
    } else {
      out.print("With the options of a job, it is also told how its steps are computed.\n");
    }
    return Launcher.DONE;
  }

  private String execution(T options) {
    Pipeline pipeline = Pipeline.create(options);
    try {
      template.build(pipeline, options);
    } catch (RefusedException e) {
      return "These options cannot be run: " + e.getMessage() + ".\n";
    }
    return Execution.describe(pipeline);
  }

  private static String[] withoutHelp(String[] args) {
    return Arrays.stream(args).filter(arg -> !arg.equals(HELP)).toArray(String[]::new);
  }

  /** Looks at the options alone, and not at the world: nothing is launched. */
  private int checkUpgrade(UpgradeCheck question) {
    Problems problems = new Problems();
    T options = OptionsParser.parse(template.optionsClass(), args, currentDirectory, problems);
    addNews(problems, template::validate, options);
    int code = Launcher.BAD_OPTIONS;
    if (problems.isEmpty()) {
      try {
        code = question.answer(() -> built(options), RunnerCapabilities.of(options), problems, out);
      } catch (RefusedException e) {
        e.addTo(problems);
      }
    }
    return tellProblems(problems) ? Launcher.BAD_OPTIONS : code;
  }

  private Pipeline built(T options) {
    options.as(ApplicationNameOptions.class).setAppName(template.name());
    Pipeline pipeline = Pipeline.create(options);
    template.build(pipeline, options);
    return pipeline;
  }

  /** Makes all checks of a launch, and tells of the job instead of starting it. */
  private int explain() {
    Problems problems = new Problems();
    checkedPipeline(problems).ifPresent(this::tellOf);
    return tellProblems(problems) ? Launcher.BAD_OPTIONS : Launcher.DONE;
  }

  private void tellOf(Pipeline pipeline) {
    Explanation explanation = Explanation.of(pipeline);
    String runner = RunnerCapabilities.of(pipeline.getOptions()).name();
    out.print(
        explainsAsJson
            ? explanation.json(template.name(), runner)
            : explanation.page(template.name() + " on " + runner));
    out.println();
  }

  private int checkAndRun() {
    Problems problems = new Problems();
    Optional<Pipeline> checked = checkedPipeline(problems);
    if (tellProblems(problems)) {
      return Launcher.BAD_OPTIONS;
    }
    Pipeline pipeline = checked.orElseThrow();
    PipelineOptions options = pipeline.getOptions();
    return run(
        pipeline,
        RunnerCapabilities.of(options),
        DeadLetterPolicy.of(options, template.optionsClass()));
  }

  /** Returns whether there are problems, which are told. */
  private boolean tellProblems(Problems problems) {
    if (problems.isEmpty()) {
      return false;
    }
    err.print(ProblemReport.of(template.name(), problems.all()));
    return true;
  }

  /**
   * Returns the pipeline, and adds what is wrong with its launch. One that is only to be explained
   * is built in spite of problems, if it can be; else it is empty if there are problems.
   */
  private Optional<Pipeline> checkedPipeline(Problems problems) {
    T options = check(problems);
    if (!problems.isEmpty() && !explains) {
      return Optional.empty();
    }
    options.as(ApplicationNameOptions.class).setAppName(template.name());
    Pipeline pipeline;
    try {
      pipeline = Pipeline.create(options);
    } catch (IllegalArgumentException e) {
      // The runner's own check of its options.
      problems.add("", "the runner refuses the options: " + e.getMessage());
      return Optional.empty();
    }
    try {
      template.build(pipeline, options);
    } catch (RefusedException e) {
      e.addTo(problems);
      return Optional.empty();
    } catch (RuntimeException e) {
      if (problems.isEmpty()) {
        throw e;
      }
      LOG.debug("Cannot be built with options that have problems", e);
      return Optional.empty();
    }
    RunnerCapabilities runner = RunnerCapabilities.of(options);
    if (Graphs.isUnbounded(pipeline)
        && !(runner.unboundedSources() && runner.processingTimeFires())) {
      problems.add(
          "runner",
          "is "
              + runner.name()
              + ", "
              + runner.whyNoStreams()
              + "; choose a config of ./templates list, or read files");
    }
    if (problems.isEmpty()) {
      runner
          .savepoint(options)
          .ifPresent(
              from -> {
                runner.checkSavepoint(from, () -> built(options), problems);
                checkResume(pipeline, problems);
              });
    }
    return Optional.of(pipeline);
  }

  private static void checkResume(Pipeline pipeline, Problems problems) {
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            if (node.getTransform() instanceof Resumed resumed) {
              resumed.checkResume(problems);
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });
  }

  private T check(Problems problems) {
    T options = OptionsParser.parse(template.optionsClass(), args, currentDirectory, problems);
    addNews(problems, template::validate, options);
    addNews(problems, template::preflight, options);
    addNews(
        problems, (given, found) -> RunnerCapabilities.of(given).preflight(given, found), options);
    return options;
  }

  /** Adds what a check of the template finds beyond what is known already. */
  private void addNews(Problems problems, BiConsumer<T, Problems> check, T options) {
    Problems found = problems.further();
    try {
      check.accept(options, found);
    } catch (RuntimeException e) {
      if (problems.isEmpty()) {
        throw e;
      }
      LOG.debug("The template's own check met options that have problems already", e);
    }
    // An option that could not be read has its default here: what is said about that is no news.
    found.all().stream()
        .filter(problem -> problem.option().isEmpty() || !problems.concern(problem.option()))
        .toList()
        .forEach(problem -> problems.add(problem.option(), problem.message()));
  }

  private int run(Pipeline pipeline, RunnerCapabilities runner, Optional<DeadLetterPolicy> policy) {
    out.println(template.name() + " on " + runner.name() + "; Ctrl-C stops it" + LogFile.mention());
    Optional<StatusFile> status = StatusFile.startFor(job);
    Optional<PolicyWatch> watch = policy.map(chosen -> PolicyWatch.start(chosen, job));
    long startNanos = System.nanoTime();
    PipelineResult.State state = PipelineResult.State.UNKNOWN;
    Throwable failure = null;
    int code = Launcher.FAILED;
    try {
      try {
        state = job.startAndWait(pipeline, runner);
      } catch (IOException | RuntimeException | LinkageError e) {
        failure = e;
      }
      Duration duration = Duration.ofMillis((System.nanoTime() - startNanos) / 1_000_000);
      Optional<String> broken =
          watch.flatMap(PolicyWatch::end).filter(reason -> !job.stopRequested());
      code =
          broken.isPresent()
              ? tellStop(broken.get(), state, failure, duration)
              : tellEnd(state, failure, duration);
      job.result().ifPresent(this::report);
    } finally {
      JobStatus.State end = endState(code);
      status.ifPresent(file -> file.end(end));
    }
    return code;
  }

  private JobStatus.State endState(int code) {
    if (code != Launcher.DONE) {
      return JobStatus.State.FAILED;
    }
    return job.stopRequested() ? JobStatus.State.CANCELLED : JobStatus.State.DONE;
  }

  private int tellStop(
      String reason, PipelineResult.State state, Throwable failure, Duration duration) {
    LOG.error("{} is stopped in state {}: {}", template.name(), state, reason, failure);
    err.printf(
        "%s STOPPED after %s: %s.%n"
            + "Its log names the first dead letter of each stage; those that were written before the"
            + " stop tell more (./templates deadletters list). Mend the cause, or allow more, and"
            + " start it again%s.%n",
        template.name(), Durations.format(duration), reason, LogFile.mention());
    return Launcher.STOPPED_BY_POLICY;
  }

  private int tellEnd(PipelineResult.State state, Throwable failure, Duration duration) {
    String after = " after " + Durations.format(duration);
    if (job.stopRequested()) {
      LOG.debug("State {} after a stop on request", state, failure);
      out.println(template.name() + " CANCELLED on request" + after);
      return Launcher.DONE;
    }
    if (failure != null) {
      LOG.error("{} failed", template.name(), failure);
      return fail("FAILED" + after, failure);
    }
    if (state != PipelineResult.State.DONE) {
      // Also a job that somebody else has cancelled: nobody asked this process to stop.
      err.println(template.name() + " " + state + after + LogFile.mention());
      return Launcher.FAILED;
    }
    out.println(template.name() + " DONE" + after);
    return Launcher.DONE;
  }

  private int fail(String what, Throwable failure) {
    err.println(template.name() + " " + what + ": " + Causes.rootOf(failure) + LogFile.mention());
    return Launcher.FAILED;
  }

  private void report(PipelineResult result) {
    for (RunReport report : ServiceLoader.load(RunReport.class)) {
      try {
        report.print(result, out);
      } catch (RuntimeException e) {
        LOG.warn("No report by {}", report.getClass().getName(), e);
      }
    }
  }
}
