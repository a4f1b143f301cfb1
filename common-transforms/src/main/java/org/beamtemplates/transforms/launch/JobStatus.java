package org.beamtemplates.transforms.launch;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a launched job says of itself to another process, in a small file of JSON that is replaced
 * every half second: see {@link #PROPERTY}.
 *
 * @param state state of the job
 * @param uptimeMillis how long the job has run, in milliseconds
 * @param stages what the stages have counted; empty until the job has counted anything
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record JobStatus(State state, long uptimeMillis, List<Stage> stages) {

  /** System property of a job's JVM that names the file. Without it there is none. */
  public static final String PROPERTY = "beamtemplates.status";

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** State of a job. */
  public enum State {
    /** It is starting or running. */
    RUNNING,
    /** It has come to its end. */
    DONE,
    /** It has failed. */
    FAILED,
    /** It was stopped. */
    CANCELLED
  }

  /**
   * What became of the records of one stage: <em>in = out + dead + filtered + duplicate + late</em>
   * at the end.
   *
   * @param stage name of the stage
   * @param in records that entered
   * @param out records passed on
   * @param dead records that became dead letters, late ones aside
   * @param filtered records left out on purpose
   * @param duplicate records that were duplicates
   * @param late (record, window) assignments that were too late
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Stage(
      String stage, long in, long out, long dead, long filtered, long duplicate, long late) {

    public Stage {
      requireNonNull(stage, "stage");
    }
  }

  public JobStatus {
    requireNonNull(state, "state");
    stages = List.copyOf(stages);
  }

  /**
   * Reads the status that a job has written; empty if it has not written any yet.
   *
   * @throws UncheckedIOException if the file cannot be read, or is not a status
   */
  public static Optional<JobStatus> read(Path file) {
    try {
      return Optional.of(MAPPER.readValue(Files.readAllBytes(file), JobStatus.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("No status of a job in " + file, e);
    }
  }

  /** Returns the content of the file. */
  byte[] toJson() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
