package org.beamtemplates.cli.profile;

import java.nio.file.Path;
import java.util.List;

/**
 * What the JVM of a job is started with so that it is profiled, from its first class to its end.
 *
 * <p>A flame graph is made by async-profiler as an agent: it begins before the first class of the
 * job, and it writes the file even if the JVM is halted. A recording is made by the JDK itself.
 *
 * @param file what is written
 * @param jvmFlags flags of the job's JVM
 * @param classpath what the job's classpath needs besides
 * @param notice what the user should know before the job starts, or nothing
 */
public record Profile(Path file, List<String> jvmFlags, List<Path> classpath, String notice) {

  /**
   * Makes a profile possible, or throws a {@link Refusal}.
   *
   * @param title what is profiled
   * @param to the file or folder that the user named, or nothing
   * @param log log file of the job; without a name by the user, the profile is beside it
   * @param folder where to put what the job's JVM needs
   */
  public static Profile of(ProfileKind kind, String title, String to, Path log, Path folder) {
    String logName = log.getFileName().toString();
    String stem = logName.endsWith(".log") ? logName.substring(0, logName.length() - 4) : logName;
    Path file = ProfileFile.of(kind, to, log.resolveSibling(stem + kind.extension()));
    return kind == ProfileKind.JFR
        ? recording(file, folder)
        : flameGraph(kind, title, file, folder, library(folder));
  }

  private static AsyncProfilerLibrary library(Path folder) {
    if (folder.toString().contains("=")) {
      throw new Refusal(
          "%s has an equals sign in its path, with which no agent can be named. Use --profile jfr, or move the checkout."
              .formatted(folder));
    }
    return AsyncProfilerLibrary.in(folder);
  }

  static Profile flameGraph(
      ProfileKind kind, String title, Path file, Path folder, AsyncProfilerLibrary library) {
    String event =
        switch (kind) {
          case CPU -> library.perfEvents() ? "cpu" : timer();
          case ALLOC -> "alloc";
          case JFR -> throw new IllegalArgumentException("A recording is no flame graph");
        };
    // Widths are nanoseconds or bytes, not samples.
    String style = "flamegraph,total,title=" + title + " - " + kind.word();
    String notice =
        kind == ProfileKind.CPU && !library.perfEvents()
            ? "This system does not allow perf_event, as in most containers: the profile is sampled by"
                + " timers ("
                + event
                + "), and does not show what the kernel does."
            : "";
    // By thread: a runner's thread is named for its steps, and the compiler's stand apart.
    return new Profile(
        file,
        List.of(
            "-agentpath:%s=start,event=%s,threads,quiet,%s,file=%s"
                .formatted(library.file(), event, style, file),
            property(FlameGraphEnd.FILE, file.toString()),
            property(FlameGraphEnd.STYLE, style)),
        List.of(
            AsyncProfilerLibrary.jar(),
            JobClasses.with(FlameGraphEnd.class, folder.resolve("flame-graph"))),
        notice);
  }

  private static Profile recording(Path file, Path folder) {
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      throw new Refusal(
          "This Java (%s) has no Flight Recorder. Set JAVA_HOME to a full JDK."
              .formatted(System.getProperty("java.home")));
    }
    return new Profile(
        file,
        List.of(
            "-XX:StartFlightRecording=name=%s,settings=profile,dumponexit=true,filename=%s"
                .formatted(RecordingEnd.NAME, file),
            // It would tell on standard output how to use jcmd.
            "-Xlog:jfr+startup=error",
            // Without, samples are moved to the next safepoint.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+DebugNonSafepoints",
            property(RecordingEnd.FILE, file.toString())),
        List.of(JobClasses.with(RecordingEnd.class, folder.resolve("recording"))),
        "");
  }

  /** One for each thread where the system has it; else one for the process. */
  private static String timer() {
    return System.getProperty("os.name", "").startsWith("Linux") ? "ctimer" : "itimer";
  }

  private static String property(String name, String value) {
    return "-D" + name + "=" + value;
  }
}
