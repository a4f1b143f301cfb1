package org.beamtemplates.cli.deadletters;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.beamtemplates.transforms.launch.Durations;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deadletters replay}: runs the template that replays, and looks what comes back. */
@Command(
    name = "replay",
    description = {
      "Sends the records of dead letters back to where they came from, each once: runs the template "
          + "dead-letter-replay, which remembers in a ledger topic what was sent.",
      "",
      "All other arguments are options of that template, such as --dryRun, --backoff=0s or "
          + "--targetTopic=<topic>; ./templates describe dead-letter-replay tells all. The ledger is "
          + "created if it is absent, but not for a dry run. Exit code 0 if all went well, 1 if not or if --watch saw "
          + "something come back, 2 if it was not started because of its options."
    })
final class ReplayCommand implements Callable<Integer> {

  private static final int WELL = 0;
  private static final int FAILED = 1;
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final ReplayLauncher launcher;
  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;
  @Mixin private SelectionOptions selection;

  @Parameters(
      index = "0..*",
      paramLabel = "<where>|--<option>=<value>",
      description = "File or folder with dead letters (.avro or .jsonl); options of the template.")
  private List<String> words = List.of();

  @Option(
      names = "--on",
      paramLabel = "<config>",
      defaultValue = "direct",
      description = "Name of the config to run on (default: ${DEFAULT-VALUE}).")
  private String config;

  @Option(
      names = "--watch",
      paramLabel = "<duration>",
      description = {
        "For so long afterwards, such as 30s, look in the topic of dead letters for what was sent and "
            + "came back."
      })
  private @Nullable String watch;

  ReplayCommand(ReplayLauncher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() {
    Wanted wanted = selection.wanted();
    Duration watched = watch == null ? Duration.ZERO : duration(watch);
    LetterSource letters = source.open(place());
    if (watch != null && !(letters instanceof TopicSource)) {
      throw new Refusal("--watch needs --topic: files do not tell what comes back");
    }
    ReplayPlan plan =
        ReplayPlan.of(
            letters,
            source.requireBrokers("replay"),
            selection.asTemplateOptions(),
            wanted.idPrefixes(),
            ReplayPlan.optionsOf(words));
    LedgerTopic ledger = new LedgerTopic(source.requireBrokers("replay"), plan.ledger());
    if (!plan.isDryRun()) {
      createIfAbsent(ledger, letters);
    }

    boolean watches = watch != null && !plan.isDryRun();
    Map<Integer, Long> ledgerEnds = watches ? ledger.ends() : Map.of();
    Map<Integer, Long> letterEnds =
        letters instanceof TopicSource topic && watches ? topic.ends() : Map.of();
    int exitCode =
        ReplayProcess.run(
            status -> launcher.command(config, plan.options(), status),
            spec.commandLine().getErr());
    if (exitCode != WELL || !watches || !(letters instanceof TopicSource topic)) {
      return exitCode;
    }
    try {
      return watch(new Comeback(topic, ledger.sentSince(ledgerEnds), letterEnds), watched);
    } catch (Refusal e) {
      // Not a mistake in the options: what was selected has been sent.
      spec.commandLine().getErr().println("All is sent, but not watched: " + e.getMessage());
      return FAILED;
    }
  }

  private @Nullable Path place() {
    List<String> places = ReplayPlan.placesOf(words);
    if (places.size() > 1) {
      throw new Refusal("Name one file or folder, not " + String.join(" and ", places));
    }
    return places.isEmpty() ? null : Path.of(places.get(0));
  }

  private void createIfAbsent(LedgerTopic ledger, LetterSource letters) {
    int partitions =
        letters instanceof TopicSource topic ? topic.ends().size() : LedgerTopic.USUAL_PARTITIONS;
    if (ledger.createIfAbsent(partitions)) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "Created the ledger %s: %d partitions, cleanup.policy=compact. Keep it as long as the dead"
                  .formatted(ledger.topic(), partitions)
              + " letters: it is what knows that they were sent.");
      err.flush();
    }
  }

  private int watch(Comeback comeback, Duration length) {
    long end = System.nanoTime() + length.toNanos();
    comeback.look();
    while (!comeback.isAll() && System.nanoTime() < end) {
      LockSupport.parkNanos(Math.min(LOOK_NANOS, Math.max(1, end - System.nanoTime())));
      comeback.look();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(comeback.report(DeadLettersCommand.width()));
    out.flush();
    return comeback.count() == 0 ? WELL : FAILED;
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal("--watch was " + text + ", which " + e.getMessage());
    }
  }
}
