package org.beamtemplates.cli.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.testing.FakeTemplate;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Problems;

/** A launch that works for a while, allocates, and is refused in the end. */
final class BurningJob {

  static final String FRAME = "burnForAWhile";

  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final int BYTES = 10_000;
  private static final int KEPT = 100;

  private BurningJob() {}

  /** Launches it, with the exit code of options that are refused. */
  public static void main(String[] args) {
    Launcher.main(
        FakeTemplate.of("burning", PipelineOptions.class)
            .checking(
                (options, problems) -> {
                  burnForAWhile(problems);
                }),
        args);
  }

  private static void burnForAWhile(Problems problems) {
    long end = System.nanoTime() + NANOS;
    List<byte[]> kept = new ArrayList<>();
    int size = 0;
    while (System.nanoTime() < end) {
      kept.add(new byte[BYTES]);
      size += kept.get(kept.size() - 1).length;
      if (kept.size() > KEPT) {
        kept.clear();
      }
    }
    problems.add("jobName", "has burnt " + size + " bytes");
  }
}
