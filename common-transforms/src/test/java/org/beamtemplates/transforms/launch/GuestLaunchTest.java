package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.transforms.Create;
import org.beamtemplates.testing.FakeTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Main methods that a runner calls in a process of its own. This JVM would end otherwise. */
class GuestLaunchTest {

  private final AtomicInteger built = new AtomicInteger();
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private URLClassLoader withHost;

  @BeforeEach
  void addAHost(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(RunnerCapabilities.class.getName()), HostingRunner.class.getName());
    withHost = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(withHost);
  }

  @AfterEach
  void removeTheHost() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    withHost.close();
  }

  @Test
  void mainReturnsWhenTheJobIsDone() {
    Launcher.main(sample(), new String[] {"--inputTopic=in", "--firstSource=here"});

    assertThat(built).hasValue(1);
  }

  @Test
  void mainThrowsIfTheOptionsAreRefused() {
    assertThatThrownBy(() -> Launcher.main(sample(), new String[] {"--buckets=0"}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sample was not started")
        .hasMessageContaining("exit code 2");
    assertThat(built).hasValue(0);
  }

  private FakeTemplate<SampleOptions> sample() {
    return FakeTemplate.of("sample", SampleOptions.class)
        .building(
            (pipeline, options) -> {
              built.incrementAndGet();
              pipeline.apply(Create.of(1));
            });
  }
}
