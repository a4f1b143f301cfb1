package org.beamtemplates.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Looks at everything that the project needs of a machine, and tells it in a line each. */
public final class Doctor {

  private static final long REPOSITORY_NEEDS = Bytes.GIGABYTE;
  private static final long TEMPORARY_NEEDS = Bytes.GIGABYTE;
  private static final long LIBRARIES_NEED = 2 * Bytes.GIGABYTE;
  private static final long CACHE_NEEDS = Bytes.GIGABYTE / 2;

  private final List<Check> checks;

  Doctor(List<Check> checks) {
    this.checks = checks;
  }

  /**
   * Looks at this machine.
   *
   * @param root the checkout
   * @param jvmOptions files with the flags of jobs
   */
  public static Doctor of(Path root, Collection<Path> jvmOptions) {
    Path home = Path.of(System.getProperty("user.home"));
    return new Doctor(
        List.of(
            new JavaCheck(
                Runtime.version().feature(),
                Runtime.version().toString(),
                System.getProperty("java.vendor"),
                System.getProperty("java.home"),
                Machine.hasCompiler(),
                variable("JAVA_HOME")),
            new MemoryCheck(Machine.memory(), Machine.availableMemory(), largestHeap(jvmOptions)),
            folder("Repository", root, REPOSITORY_NEEDS, "Or move the repository."),
            folder(
                "Temporary files",
                Path.of(System.getProperty("java.io.tmpdir")),
                TEMPORARY_NEEDS,
                "Or take another folder: export JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=<folder>"),
            folder(
                "Maven repository",
                Machine.mavenRepository(home),
                LIBRARIES_NEED,
                "Or name another as localRepository in ~/.m2/settings.xml."),
            folder(
                "Cache",
                Machine.cache(home, variable("BEAM_TEMPLATES_CACHE"), variable("XDG_CACHE_HOME")),
                CACHE_NEEDS,
                "Or take another folder: export BEAM_TEMPLATES_CACHE=<folder>"),
            new PortsCheck(Machine::canListen),
            new CentralCheck(Machine::status),
            new EncodingCheck(System.getProperty("native.encoding", "unknown"))));
  }

  /**
   * Writes a line for each check, and for what is not well what to do.
   *
   * @return whether there is no problem; warnings are none
   */
  public boolean report(PrintWriter out) {
    out.println(Versions.line());
    out.println();
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks) {
      Finding finding = check.look();
      findings.add(finding);
      out.printf(
          "%-8s %-17s %s%n",
          finding.level().name().toLowerCase(Locale.ROOT), finding.subject(), finding.fact());
      if (!finding.advice().isEmpty()) {
        out.printf("%-26s -> %s%n", "", finding.advice());
      }
      out.flush();
    }
    long problems = count(findings, Finding.Level.PROBLEM);
    out.printf("%nProblems: %d, warnings: %d.%n", problems, count(findings, Finding.Level.WARNING));
    out.flush();
    return problems == 0;
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  private static Check folder(String subject, Path folder, long needed, String change) {
    return new FolderCheck(subject, folder, Machine.state(folder), needed, change);
  }

  private static long largestHeap(Collection<Path> jvmOptions) {
    long largest = 0;
    for (Path file : jvmOptions) {
      try {
        largest = Math.max(largest, Bytes.heap(Files.readString(file, UTF_8)).orElse(0));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file, e);
      }
    }
    return largest;
  }

  private static String variable(String name) {
    return System.getenv().getOrDefault(name, "");
  }
}
