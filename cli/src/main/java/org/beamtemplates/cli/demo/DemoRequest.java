package org.beamtemplates.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.beamtemplates.transforms.demo.Demo;

/**
 * What is to be shown, and how.
 *
 * @param demo the template's side of it
 * @param config name of the config that the job runs with
 * @param length how long traffic is sent
 * @param perSecond records a second
 * @param keep folder for what the demo leaves behind, if anything
 * @param ports where the services listen
 * @param job how the job is started
 */
public record DemoRequest(
    Demo demo,
    String config,
    Duration length,
    int perSecond,
    Optional<Path> keep,
    Ports ports,
    Job job) {

  /** Fewer records leave a partition empty for so long that it counts as idle. */
  public static final int LEAST_PER_SECOND = 100;

  /** More than any machine that this was tried on can send. */
  public static final int MOST_PER_SECOND = 100_000;

  /** Shortest time of traffic, in seconds. */
  public static final int SHORTEST_SECONDS = 10;

  /** Longest time of traffic, in seconds. */
  public static final int LONGEST_SECONDS = 3_600;

  /** Port number that stands for any free port. */
  public static final int ANY_PORT = 0;

  /**
   * Where the services listen; {@value DemoRequest#ANY_PORT} for any free port.
   *
   * @param kafka port of Kafka
   * @param registry port of the schema registry
   * @param postgres port of PostgreSQL
   */
  public record Ports(int kafka, int registry, int postgres) {}

  /** How the job is started. */
  public interface Job {

    /**
     * Returns the command line of the job's JVM.
     *
     * @param options options of the template
     * @param scratch folder for what the job need not keep
     * @param status file that the job tells its state in
     */
    List<String> command(List<String> options, Path scratch, Path status);

    /** Returns the file of the job's log. */
    Path log();
  }
}
