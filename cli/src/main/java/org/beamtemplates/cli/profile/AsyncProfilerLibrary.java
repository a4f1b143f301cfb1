package org.beamtemplates.cli.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import one.profiler.AsyncProfiler;

/**
 * The native library of async-profiler, loaded by this JVM: then the job's, which is of the same
 * JDK, can load it as well.
 *
 * @param file where it is
 * @param perfEvents whether the system lets a process sample itself by perf_event
 */
record AsyncProfilerLibrary(Path file, boolean perfEvents) {

  private static final String NAME = "libasyncProfiler.so";
  private static final String INSTEAD =
      " Use --profile jfr, which is part of the JDK, or profile on Linux or macOS.";

  /** Unpacks the library to the folder, unless it is there, and loads it. */
  static AsyncProfilerLibrary in(Path folder) {
    String platform =
        platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    Path file = Unpacked.file(resource(platform), folder.resolve(NAME));
    return new AsyncProfilerLibrary(file, perfEvents(load(file)));
  }

  /** Returns the folder of the jar that has the library for a system, or throws a refusal. */
  static String platform(String system, String processor) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return "macos";
    }
    if (name.startsWith("linux") && Set.of("amd64", "x86_64").contains(processor)) {
      return "linux-x64";
    }
    if (name.startsWith("linux") && processor.equals("aarch64")) {
      return "linux-arm64";
    }
    throw new Refusal(
        "There is no async-profiler, which draws the flame graphs, for %s on %s.%s"
            .formatted(system, processor, INSTEAD));
  }

  /** Loads a library of async-profiler, as the job will. */
  static AsyncProfiler load(Path file) {
    try {
      return AsyncProfiler.getInstance(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new Refusal(
          "async-profiler, which draws the flame graphs, cannot be loaded here: %s.%s"
              .formatted(e.getMessage(), INSTEAD));
    }
  }

  /** Returns the jar with the classes that speak to the library. */
  static Path jar() {
    try {
      return Path.of(
          AsyncProfiler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asked for "cpu", the library would take timers without a word where there is no perf_event. */
  private static boolean perfEvents(AsyncProfiler profiler) {
    try {
      profiler.execute("check,event=cpu-clock");
      return true;
    } catch (IllegalStateException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String platform) {
    String name = platform + "/" + NAME;
    try (InputStream bytes = AsyncProfiler.class.getClassLoader().getResourceAsStream(name)) {
      if (bytes == null) {
        throw new IllegalStateException("There is no " + name + " in " + jar());
      }
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }
}
