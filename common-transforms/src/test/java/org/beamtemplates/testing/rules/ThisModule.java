package org.beamtemplates.testing.rules;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Path;

/** The classes and the tests of the module whose tests run, without those it depends on. */
public final class ThisModule implements ImportOption {

  private static final String TARGET = Path.of("target").toAbsolutePath().toUri().getPath();

  @Override
  public boolean includes(Location location) {
    return location.contains(TARGET) && !location.isJar();
  }
}
