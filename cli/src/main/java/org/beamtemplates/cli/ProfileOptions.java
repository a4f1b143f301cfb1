package org.beamtemplates.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.beamtemplates.cli.profile.Profile;
import org.beamtemplates.cli.profile.ProfileKind;
import org.beamtemplates.cli.profile.Refusal;
import picocli.CommandLine.Option;

/** The options of commands whose job can be profiled. */
final class ProfileOptions {

  @Option(
      names = "--profile",
      paramLabel = "cpu|alloc|jfr",
      description = {
        "Profile the job: cpu or alloc (bytes allocated) as a flame graph, by thread; jfr records with the JDK's "
            + "Flight Recorder. Written when the job ends, also by Ctrl-C. See docs/profiling.md."
      })
  private String kind;

  @Option(
      names = "--profileTo",
      paramLabel = "<file or folder>",
      description = "Where the profile goes (default: beside the log of the job).")
  private String to;

  /**
   * Returns the profile that was asked for, if any.
   *
   * @param title what is profiled
   * @param config what it runs on
   * @param log log file of the job
   */
  Optional<Profile> profile(String title, Config config, Path log) {
    if (kind == null) {
      if (to != null) {
        throw new UserError(
            "--profileTo is "
                + to
                + ", but there is no --profile. "
                + Choices.of("Kinds of profiles", "", ProfileKind.words()));
      }
      return Optional.empty();
    }
    ProfileKind named =
        ProfileKind.named(kind)
            .orElseThrow(
                () ->
                    new UserError(
                        "There is no profile of kind "
                            + kind
                            + ". "
                            + Choices.of("Kinds of profiles", kind, ProfileKind.words())));
    try {
      return Optional.of(
          Profile.of(
              named,
              title + " on " + config.name(),
              to == null ? "" : to,
              log,
              config.module().resolve("target/profiler")));
    } catch (Refusal e) {
      throw new UserError(e.getMessage());
    }
  }
}
