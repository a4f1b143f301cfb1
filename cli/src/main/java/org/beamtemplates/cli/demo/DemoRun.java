package org.beamtemplates.cli.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.beamtemplates.transforms.demo.CompressedTime;
import org.beamtemplates.transforms.demo.Demo;
import org.beamtemplates.transforms.demo.DemoServices;
import org.beamtemplates.transforms.demo.Traffic;
import org.beamtemplates.transforms.demo.Workload;
import org.beamtemplates.transforms.launch.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One demo, from the first check to the proof that everything adds up: starts the services, sends
 * traffic, runs the job, shows what happens, and holds every number against the generator's.
 * Whatever ends it, nothing is left running and no temporary file stays.
 */
public final class DemoRun {

  /** Everything added up. */
  public static final int ADDS_UP = 0;

  /** Something differs, or failed. */
  public static final int FAILED = 1;

  /** The job refused its options. */
  public static final int BAD_OPTIONS = 2;

  /** Nobody reads the output any more, as in {@code | head}. */
  public static final int NO_READER = 141;

  private static final Logger LOG = LoggerFactory.getLogger(DemoRun.class);
  private static final long LOOK_NANOS = Duration.ofMillis(300).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(40);
  private static final Duration LONG_GAP = Duration.ofSeconds(1);
  private static final int LAST_LINES = 30;

  private final DemoRequest request;
  private final Clock clock;
  private final Terminal terminal;
  private final Belongings belongings = new Belongings();
  private volatile boolean stopping;
  private long lineNanos;

  private DemoRun(DemoRequest request, Clock clock, Terminal terminal) {
    this.request = request;
    this.clock = clock;
    this.terminal = terminal;
  }

  /**
   * Gives the demo and returns the exit code of the command. A signal that ends the JVM ends the
   * demo first.
   *
   * @param out standard output of this process
   * @param err where it is told why a demo has failed or was stopped
   * @throws Refusal if it cannot be given as it was asked for
   */
  public static int run(
      DemoRequest request,
      Clock clock,
      OutputStream out,
      PrintStream err,
      Map<String, String> environment) {
    DemoRun run = new DemoRun(request, clock, Terminal.of(out, err, environment));
    Thread hook = new Thread(run::stopOnSignal, "stop-on-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return run.show();
    } catch (StopException e) {
      return e.exitCode();
    } catch (SQLException | RuntimeException | LinkageError e) {
      return run.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    } finally {
      run.terminal.close();
      run.belongings.close();
      run.forget(hook);
    }
  }

  /** Ends the demo early; all is told already. */
  private static final class StopException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StopException(int exitCode) {
      super("exit code " + exitCode, null, false, false);
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  private int show() throws SQLException, InterruptedException, StopException {
    Optional<Keepsake> keepsake = request.keep().map(Keepsake::into);
    requireRoom();
    Demo demo = request.demo();
    Scratch scratch = belongings.add(Scratch.create());
    Services services = startServices();
    DemoServices addresses = services.addresses();

    services.kafka().createTopic(demo.inputTopic(), demo.partitions());
    services.kafka().createTopic(demo.deadLetterTopic(), 1);
    services.postgres().execute(demo.createTable());
    List<Integer> schemaIds = new ArrayList<>();
    for (String schema : demo.schemas()) {
      schemaIds.add(services.registry().register(demo.inputTopic() + "-value", schema));
    }

    // Traffic first: a partition that is empty when the job looks would follow the clock.
    Producing producing = belongings.add(producing(addresses, schemaIds));
    producing.start();
    DeadLetterWatch deadLetters =
        belongings.add(new DeadLetterWatch(addresses.bootstrapServers(), demo.deadLetterTopic()));
    StoreWatch store = belongings.add(new StoreWatch(services.postgres()::connect, demo.results()));
    JobProcess job = belongings.add(startJob(scratch, addresses));
    Observer observer =
        new Observer(
            demo.template() + " on " + request.config(),
            places(addresses),
            request.length(),
            producing,
            job,
            deadLetters,
            store);

    watch(observer, producing, job);
    JobStatus ended = stop(job);
    Verdict verdict = verdict(services, producing, ended);
    tell(verdict, producing);
    if (keepsake.isPresent()) {
      keep(keepsake.get(), services, producing, verdict, job);
    }
    return verdict.addsUp() ? ADDS_UP : FAILED;
  }

  private void requireRoom() {
    String remedy =
        "Make room, take fewer --seconds or a lower --rate, or set TMPDIR to a folder with room.";
    DiskNeed.require(
        Scratch.place().getParent(),
        DiskNeed.ofServices(request.perSecond(), request.length()),
        remedy,
        DiskNeed::freeIn);
    request
        .keep()
        .ifPresent(
            folder ->
                DiskNeed.require(
                    existing(folder),
                    DiskNeed.ofKept(request.perSecond(), request.length()),
                    "Make room, keep in another folder, or send fewer records.",
                    DiskNeed::freeIn));
  }

  private static Path existing(Path folder) {
    Path existing = folder;
    while (Files.notExists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return existing;
  }

  private Services startServices() {
    terminal.println("Starting Kafka, a schema registry and PostgreSQL ...");
    long start = System.nanoTime();
    Services services = Services.start(request.ports(), belongings);
    terminal.println(
        "All three are up after %.1f s; starting the job ..."
            .formatted((System.nanoTime() - start) / 1e9));
    places(services.addresses()).forEach(place -> terminal.println("  " + place));
    return services;
  }

  private Producing producing(DemoServices addresses, List<Integer> schemaIds) {
    Demo demo = request.demo();
    CompressedTime time = CompressedTime.startingAt(clock.instant(), request.length());
    long seed = clock.millis();
    LOG.info("Seed of the traffic: {}", seed);
    Traffic traffic =
        demo.traffic(new Workload(seed, demo.partitions(), time.firstEventTime()), schemaIds);
    return new Producing(
        addresses.bootstrapServers(),
        demo.inputTopic(),
        demo.partitions(),
        traffic,
        time,
        request.length(),
        request.perSecond());
  }

  private JobProcess startJob(Scratch scratch, DemoServices addresses) {
    Path folder = scratch.folder("job");
    Path status = folder.resolve("status.json");
    Path log = request.job().log();
    Path output =
        log.resolveSibling(log.getFileName().toString().replaceAll("\\.log$", "") + ".out");
    return JobProcess.start(
        request.job().command(request.demo().options(addresses), folder, status),
        folder,
        output,
        status);
  }

  private List<String> places(DemoServices addresses) {
    return List.of(
        "Kafka " + addresses.bootstrapServers() + "   registry " + addresses.registryUrl(),
        "psql "
            + addresses
                .jdbcUrl()
                .replace("jdbc:postgresql://", "postgresql://" + addresses.jdbcUser() + "@"));
  }

  /** Shows what happens until there is nothing more to wait for. */
  private void watch(Observer observer, Producing producing, JobProcess job) throws StopException {
    Drain drain = null;
    while (true) {
      Snapshot now = observer.look();
      show(now, producing.sinceStart());
      requireRunning(job);
      if (terminal.isBroken()) {
        throw new StopException(NO_READER);
      }
      if (producing.hasEnded()) {
        if (drain == null) {
          drain = new Drain(System.nanoTime());
        }
        if (drain.isOver(System.nanoTime(), now)) {
          return;
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void show(Snapshot now, Duration elapsed) {
    if (terminal.isDrawable()) {
      Terminal.Size size = terminal.size();
      terminal.draw(Screen.render(now, size.columns(), size.rows(), terminal.hasColours()));
    } else if (lineNanos == 0 || System.nanoTime() - lineNanos >= LINE_NANOS) {
      lineNanos = System.nanoTime();
      terminal.println(PlainLine.of(now, elapsed));
    }
  }

  private void requireRunning(JobProcess job) throws StopException {
    Optional<Integer> exitCode = job.exitCode();
    if (exitCode.isPresent() && !stopping) {
      terminal.complain("The job ended with exit code " + exitCode.get() + ". What it said last:");
      job.lastLines(LAST_LINES).forEach(line -> terminal.complain("  " + line));
      terminal.complain("Its log: " + request.job().log());
      throw new StopException(exitCode.get() == BAD_OPTIONS ? BAD_OPTIONS : FAILED);
    }
  }

  /** Ends the job as Ctrl-C would, and returns what it said last. */
  private JobStatus stop(JobProcess job) throws InterruptedException, StopException {
    if (!job.stop(STOP_PATIENCE) && !stopping) {
      terminal.complain(
          "The job did not end in order (%s). What it said last:"
              .formatted(
                  job.exitCode()
                      .map(code -> "exit code " + code)
                      .orElse("not within " + Numbers.about(STOP_PATIENCE))));
      job.lastLines(LAST_LINES).forEach(line -> terminal.complain("  " + line));
      throw new StopException(FAILED);
    }
    return job.status()
        .orElseThrow(() -> new IllegalStateException("The job has told nothing of itself"));
  }

  private Verdict verdict(Services services, Producing producing, JobStatus ended)
      throws SQLException {
    String brokers = services.kafka().bootstrapServers();
    Demo demo = request.demo();
    producing.offsets().end(TopicPass.ends(brokers, demo.inputTopic()));
    DeadLetterCounts letters =
        DeadLetterCounts.of(
            brokers, demo.deadLetterTopic(), demo.inputTopic(), producing.offsets());
    try (Connection connection = services.postgres().connect()) {
      return Verdict.of(
          new Evidence(
              demo.inputTopic(),
              demo.deadLetterTopic(),
              producing.sent(),
              producing.offsets().foreign(),
              ended.stages(),
              letters.own(),
              letters.foreign(),
              demo.results().finalCounts(connection)));
    }
  }

  private void tell(Verdict verdict, Producing producing) {
    terminal.println("");
    terminal.print(verdict.report());
    if (!verdict.addsUp() && producing.longestGap().compareTo(LONG_GAP) > 0) {
      terminal.println(
          ("A partition got no record for %s, because this machine was busy. After 2 s a partition"
                  + " counts as idle, and what comes then is late: try a lower --rate.")
              .formatted(Numbers.about(producing.longestGap())));
    }
    LOG.info("Longest time that a partition got no record: {}", producing.longestGap());
  }

  private void keep(
      Keepsake keepsake, Services services, Producing producing, Verdict verdict, JobProcess job)
      throws SQLException {
    Demo demo = request.demo();
    List<String> schemas = demo.schemas();
    keepsake.addTopics(
        services.kafka().bootstrapServers(),
        demo,
        EventReader.of(schemas.get(schemas.size() - 1), services.registry().url()));
    try (Connection connection = services.postgres().connect()) {
      keepsake.addResults(connection, demo.results(), producing.sent().eventsByResult());
    }
    keepsake.addAccounting(verdict.report());
    keepsake.addJob(request.job().log(), job.output());
    terminal.print(keepsake.howToUse(demo, request.config()));
  }

  private int failed(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      throw refusal;
    }
    if (!stopping) {
      LOG.error("The demo failed", failure);
      terminal.complain("The demo failed: " + failure.getMessage());
    }
    return FAILED;
  }

  /** Runs while the JVM ends: after a signal, as the demo forgets this hook when it has ended. */
  private void stopOnSignal() {
    stopping = true;
    // First what runs: the terminal may be one that nobody reads from just now.
    belongings.close();
    terminal.close();
    terminal.complain("Stopped on request; nothing is left running.");
  }

  private void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      LOG.trace("The hook runs already", shuttingDown);
    }
  }
}
