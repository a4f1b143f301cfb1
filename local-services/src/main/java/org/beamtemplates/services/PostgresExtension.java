package org.beamtemplates.services;

/**
 * Gives tests a {@link LocalPostgres} as parameter of a constructor, a test or a lifecycle method,
 * in the way of {@link KafkaExtension}.
 *
 * <p>All test classes of a run share one server, started when the first test asks and stopped after
 * the last. So tables need names of their own, and a test that cuts the gate restores it, or starts
 * a {@link LocalPostgres} itself.
 */
public final class PostgresExtension extends SharedServiceExtension<LocalPostgres> {

  /** For JUnit. */
  public PostgresExtension() {
    super(LocalPostgres.class, LocalPostgres::start);
  }
}
