package org.beamtemplates.transforms.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a secret is kept, instead of the secret: {@code env:NAME} for an environment variable,
 * {@code file:/path} for a file, whose last line break does not count. Only the reference is
 * serialized and printed; each worker resolves it for itself, whenever it needs the secret, so that
 * a secret can be changed under a running job.
 */
public final class SecretReference implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String ENV = "env:";
  private static final String FILE = "file:";

  private final String reference;

  private SecretReference(String reference) {
    this.reference = requireNonNull(reference, "reference");
  }

  /**
   * A reference as a user writes it.
   *
   * @throws IllegalArgumentException if {@link #problem} finds a problem with it
   */
  public static SecretReference of(String reference) {
    problem(reference)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("The reference to a secret " + problem);
            });
    return new SecretReference(reference);
  }

  /**
   * Returns what is wrong with a reference, or empty if nothing is: a clause to be put behind the
   * name of an option. It never repeats what was given, which may be the secret itself.
   */
  public static Optional<String> problem(String reference) {
    if (reference.startsWith(ENV)) {
      return reference.substring(ENV.length()).matches("[A-Za-z_][A-Za-z0-9_]*")
          ? Optional.empty()
          : Optional.of("names no environment variable; give one, such as env:DB_PASSWORD");
    }
    if (reference.startsWith(FILE)) {
      return isAbsolute(reference.substring(FILE.length()))
          ? Optional.empty()
          : Optional.of("names no absolute path; give one, such as file:/run/secrets/db-password");
    }
    return Optional.of(
        "must say where the secret is kept, such as env:DB_PASSWORD or"
            + " file:/run/secrets/db-password, and not the secret itself: options end up in logs");
  }

  /**
   * Returns the secret, as this machine has it now.
   *
   * @throws IllegalStateException if there is none; the message names the reference
   */
  public String resolve() {
    return reference.startsWith(ENV)
        ? variable(reference.substring(ENV.length()))
        : content(Path.of(reference.substring(FILE.length())));
  }

  /** Returns the reference, never the secret. */
  @Override
  public String toString() {
    return reference;
  }

  private String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(
          "The environment variable of " + reference + " is not set where the job runs");
    }
    return value;
  }

  private String content(Path file) {
    try {
      return Files.readString(file, UTF_8).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new IllegalStateException(
          "The file of " + reference + " cannot be read where the job runs: " + e, e);
    }
  }

  private static boolean isAbsolute(String path) {
    try {
      return Path.of(path).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
