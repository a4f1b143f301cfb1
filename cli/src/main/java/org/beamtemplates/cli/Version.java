package org.beamtemplates.cli;

import picocli.CommandLine.IVersionProvider;

/** Version of this project and of the Java that runs it. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "beam-templates " + (version == null ? "(not built as a jar)" : version),
      "Java " + Runtime.version()
    };
  }
}
