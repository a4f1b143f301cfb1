package org.beamtemplates.cli.deadletters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What a replay is asked for, as options of its template.
 *
 * @param options all options of the template
 * @param ledger the topic that remembers what was sent
 * @param isDryRun whether nothing is to be sent
 */
record ReplayPlan(List<String> options, String ledger, boolean isDryRun) {

  /** The ledger of files, which have no topic to be named after. */
  static final String LEDGER_OF_FILES = "dead-letters.replayed";

  private static final String LEDGER = "--ledgerTopic=";
  private static final String DRY_RUN = "--dryRun";

  /**
   * Returns the plan.
   *
   * @param selection options of the template that select, without ids
   * @param more options of the template that the user gave himself
   */
  static ReplayPlan of(
      LetterSource source,
      String bootstrapServers,
      List<String> selection,
      List<String> idPrefixes,
      List<String> more) {
    List<String> options = new ArrayList<>();
    options.add("--bootstrapServers=" + bootstrapServers);
    String ledger = given(more);
    if (source instanceof TopicSource topic) {
      options.add("--deadLetterTopic=" + topic.topic());
      ledger = ledger.isEmpty() ? topic.topic() + ".replayed" : ledger;
    } else if (source instanceof FileSource files) {
      options.add("--deadLetters=" + pattern(files));
      ledger = ledger.isEmpty() ? LEDGER_OF_FILES : ledger;
    }
    if (given(more).isEmpty()) {
      options.add(LEDGER + ledger);
    }
    options.addAll(selection);
    if (!idPrefixes.isEmpty()) {
      options.add("--ids=" + String.join(",", ids(source, idPrefixes)));
    }
    options.addAll(more);
    boolean dry = more.contains(DRY_RUN) || more.contains(DRY_RUN + "=true");
    return new ReplayPlan(List.copyOf(options), ledger, dry);
  }

  private static String given(List<String> more) {
    return more.stream()
        .filter(word -> word.startsWith(LEDGER))
        .map(word -> word.substring(LEDGER.length()))
        .reduce("", (first, last) -> last);
  }

  /** The template takes whole ids. */
  private static TreeSet<String> ids(LetterSource source, List<String> prefixes) {
    TreeSet<String> ids = new TreeSet<>();
    for (String prefix : prefixes) {
      ids.add(Lookup.one(source, prefix).found().letter().getId());
    }
    return ids;
  }

  /** The template takes one pattern. */
  private static String pattern(FileSource source) {
    List<Path> files = source.files();
    List<String> endings = files.stream().map(ReplayPlan::ending).distinct().toList();
    if (endings.size() > 1) {
      throw new Refusal(
          source.where()
              + " has "
              + String.join(" and ", endings)
              + " files, and a replay reads those of one kind; name a file, or make one of them with"
              + " export --to=letters"
              + FileSource.AVRO);
    }
    if (files.size() == 1) {
      return files.get(0).toString();
    }
    List<Path> folders = files.stream().map(FileSource::folderOf).distinct().toList();
    if (folders.size() > 1) {
      throw new Refusal(
          "A replay reads one folder, but there are dead letters in "
              + String.join(", ", folders.stream().map(Path::toString).toList())
              + "; name one of them");
    }
    return folders.get(0).resolve("*" + endings.get(0)).toString();
  }

  private static String ending(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(FileSource.AVRO)
        ? FileSource.AVRO
        : FileSource.JSON_LINES;
  }

  /** Returns the words that are options of the job, and not the place. */
  static List<String> optionsOf(List<String> words) {
    return words.stream().filter(ReplayPlan::isOption).toList();
  }

  /** Returns the words that name a place. */
  static List<String> placesOf(List<String> words) {
    return words.stream().filter(word -> !isOption(word)).toList();
  }

  private static boolean isOption(String word) {
    return word.startsWith("-") || word.startsWith("@");
  }
}
