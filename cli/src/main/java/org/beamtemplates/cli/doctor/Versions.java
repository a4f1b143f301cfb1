package org.beamtemplates.cli.doctor;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.TreeSet;

/** Versions of this project and of what it is built on, as the build knows them. */
final class Versions {

  private Versions() {}

  /** Returns them in a line; a build without a library has no version of it. */
  static String line() {
    Properties versions = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TreeSet<>(versions.stringPropertyNames())
        .stream()
            .filter(name -> !versions.getProperty(name).startsWith("$"))
            .map(name -> name + " " + versions.getProperty(name))
            .collect(joining(", "));
  }
}
