package org.beamtemplates.transforms.io;

import static java.util.Objects.requireNonNull;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Trigger;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.beamtemplates.transforms.launch.Explained;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.joda.time.Duration;

/**
 * Writes elements of any windowing to files in a folder.
 *
 * <p>Everything is written in the global window, so that nothing can be too late to be written.
 * Bounded input becomes one set of files, {@code <prefix>-00000-of-00001<suffix>}, replaced by the
 * next run even if that has nothing to write. Unbounded input becomes a new file whenever there is
 * something new and {@code every} has passed in processing time; their names carry a token of the
 * launch, so that a later launch never overwrites what an earlier one wrote.
 *
 * <p>Guarantee: at least once. After a restart, elements of a pane can stand in two files. One
 * shuffle.
 *
 * @param <T> type of the elements
 */
public final class PanedFiles<T> extends PTransform<PCollection<T>, PDone> implements Explained {

  private static final long serialVersionUID = 1L;

  private final FileIO.Sink<T> sink;
  private final String folder;
  private final String prefix;
  private final String suffix;
  private final Duration every;

  private PanedFiles(
      FileIO.Sink<T> sink, String folder, String prefix, String suffix, Duration every) {
    this.sink = requireNonNull(sink, "sink");
    this.folder = LocalPaths.absolute(folder);
    this.prefix = requireNonNull(prefix, "prefix");
    this.suffix = requireNonNull(suffix, "suffix");
    this.every = requireNonNull(every, "every");
  }

  /**
   * Writes to {@code folder}.
   *
   * @param sink format of the files
   * @param suffix ending of the names, with its dot
   * @param every the longest that an unbounded element waits to be written, in processing time
   */
  public static <T> PanedFiles<T> to(
      String folder, FileIO.Sink<T> sink, String prefix, String suffix, Duration every) {
    return new PanedFiles<>(sink, folder, prefix, suffix, every);
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.writes(
        "files %s-…%s in %s, %s; at least once: after a failure one can stand in two files"
            .formatted(
                prefix,
                suffix,
                folder,
                to.isOfStream()
                    ? "a new one every " + every.getStandardSeconds() + " s if there is anything"
                    : "at the end of the job"));
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    boolean bounded = elements.isBounded() == PCollection.IsBounded.BOUNDED;
    // Set in any case: a trigger of an earlier step would be kept, and its panes written again.
    Trigger trigger =
        bounded
            ? DefaultTrigger.of()
            : Repeatedly.forever(AfterProcessingTime.pastFirstElementInPane().plusDelayOf(every));
    FileIO.Write<Void, T> write =
        FileIO.<T>write()
            .via(sink)
            .to(folder)
            .withNaming(FileIO.Write.defaultNaming(name(bounded), suffix))
            .withNumShards(1);
    elements
        .apply(
            "Pane",
            Window.<T>into(new GlobalWindows())
                .triggering(trigger)
                .withAllowedLateness(Duration.ZERO)
                .discardingFiredPanes())
        .apply("Write", bounded ? evenIfEmpty(write) : write);
    return PDone.in(elements.getPipeline());
  }

  /** Beam writes a file without elements only where it does not write by windows. */
  @SuppressWarnings("deprecation") // the global window instead, as it says, writes no empty file
  private static <T> FileIO.Write<Void, T> evenIfEmpty(FileIO.Write<Void, T> write) {
    return write.withIgnoreWindowing();
  }

  private String name(boolean bounded) {
    return bounded
        ? prefix
        : prefix + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }
}
