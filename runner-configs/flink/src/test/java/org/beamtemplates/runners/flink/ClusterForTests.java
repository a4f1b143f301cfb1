package org.beamtemplates.runners.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.beamtemplates.services.LocalFlinkCluster;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A cluster for all tests of a run that asks for one by the system property {@value #OPTIONS}: the
 * options of its jobs, to which this adds where the cluster is.
 */
public final class ClusterForTests implements BeforeAllCallback {

  private static final String OPTIONS = "conformance.cluster.options";

  @Override
  public void beforeAll(ExtensionContext context) {
    String options = System.getProperty(OPTIONS);
    if (options != null) {
      context
          .getRoot()
          .getStore(Namespace.create(ClusterForTests.class))
          .getOrComputeIfAbsent(Running.class, unused -> Running.with(options), Running.class);
    }
  }

  private record Running(LocalFlinkCluster cluster) implements AutoCloseable {

    static Running with(String options) {
      try {
        LocalFlinkCluster cluster =
            LocalFlinkCluster.start(Files.readString(Path.of("target/cluster.classpath")), 2, 2);
        String all =
            "%s,\"--flinkMaster=%s\",\"--stateBackendStoragePath=%s\"]"
                .formatted(
                    options.substring(0, options.lastIndexOf(']')),
                    cluster.master(),
                    cluster.folder().resolve("checkpoints").toUri());
        System.setProperty("beamTestPipelineOptions", all);
        System.setProperty("beamtemplates.streaming.options", all);
        return new Running(cluster);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the class path of Flink", e);
      }
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
