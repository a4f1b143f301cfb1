package org.beamtemplates.cli.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingEndTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("job.jfr");
    System.setProperty(RecordingEnd.FILE, file.toString());
  }

  @AfterEach
  void forgetFile() {
    System.clearProperty(RecordingEnd.FILE);
  }

  @Test
  void theRecordingIsWrittenBeforeItsFileIsNamed() throws IOException {
    try (Recording recording = new Recording()) {
      recording.setName(RecordingEnd.NAME);
      recording.enable("jdk.JVMInformation");
      recording.setDestination(file);
      recording.start();

      assertThat(told()).startsWith("profile: " + file + " (a recording");
    }
    assertThat(RecordingFile.readAllEvents(file)).isNotEmpty();
  }

  @Test
  void anEmptyFileIsNoProfile() throws IOException {
    Files.createFile(file);

    assertThat(told()).startsWith("There is no profile in " + file);
  }

  private static String told() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new RecordingEnd().ended(new PrintStream(out, true, UTF_8));
    return out.toString(UTF_8);
  }
}
