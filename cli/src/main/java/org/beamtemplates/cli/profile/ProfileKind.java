package org.beamtemplates.cli.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a profile tells. */
public enum ProfileKind {
  /** Processor time, as a flame graph. */
  CPU(".cpu.html"),
  /** Bytes allocated, as a flame graph. */
  ALLOC(".alloc.html"),
  /** Everything that the JDK's Flight Recorder records with its settings for profiling. */
  JFR(".jfr");

  private final String extension;

  ProfileKind(String extension) {
    this.extension = extension;
  }

  /** Returns the kind that is written so on the command line. */
  public static Optional<ProfileKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(name)).findFirst();
  }

  /** Returns how all kinds are written. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ProfileKind::word).toList();
  }

  /** Returns how it is written on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns how its files end if nobody names them. */
  String extension() {
    return extension;
  }

  /** Returns how every name of its files ends: by that they are opened with the right program. */
  String ending() {
    return extension.substring(extension.lastIndexOf('.'));
  }
}
