package org.beamtemplates.transforms.demo;

/**
 * Where the services of a demo are.
 *
 * @param bootstrapServers Kafka, host:port
 * @param registryUrl schema registry (Confluent API)
 * @param jdbcUrl store of the results
 * @param jdbcUser user of the store, who has no password
 */
public record DemoServices(
    String bootstrapServers, String registryUrl, String jdbcUrl, String jdbcUser) {}
