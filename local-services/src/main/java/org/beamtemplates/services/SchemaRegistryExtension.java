package org.beamtemplates.services;

/**
 * Gives tests a {@link LocalSchemaRegistry} as parameter of a constructor, a test or a lifecycle
 * method, in the way of {@link KafkaExtension}.
 *
 * <p>All test classes of a run share one registry, started when the first test asks and stopped
 * after the last. So subjects need names of their own, and a test that cuts the gate restores it,
 * or starts a {@link LocalSchemaRegistry} itself.
 */
public final class SchemaRegistryExtension extends SharedServiceExtension<LocalSchemaRegistry> {

  /** For JUnit. */
  public SchemaRegistryExtension() {
    super(LocalSchemaRegistry.class, LocalSchemaRegistry::start);
  }
}
