package org.beamtemplates.transforms.launch;

import java.util.List;
import java.util.Locale;

/** Values of options as they may appear in a message: short, in quotes, and never a secret. */
final class Secrets {

  private static final List<String> SECRET_WORDS =
      List.of("password", "passphrase", "secret", "token", "key", "credential", "jaas");
  private static final int LONGEST = 60;

  private Secrets() {}

  /** Returns the value in quotes, cut if long; three stars if the option's name tells a secret. */
  static String show(String option, String value) {
    if (isSecret(option)) {
      return "***";
    }
    String line = value.replaceAll("\\p{Cntrl}", "?");
    String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    return '"' + cut + '"';
  }

  static boolean isSecret(String option) {
    String name = option.toLowerCase(Locale.ROOT);
    return SECRET_WORDS.stream().anyMatch(name::contains);
  }
}
