/**
 * Real services without containers, for tests, the demo and benchmarks.
 *
 * <p>{@link org.beamtemplates.services.LocalKafka} is a one-node Kafka inside this JVM, {@link
 * org.beamtemplates.services.LocalSchemaRegistry} a schema registry in a child JVM, {@link
 * org.beamtemplates.services.LocalPostgres} a PostgreSQL server. All listen on 127.0.0.1 only, take
 * free ports or one that is given, keep nothing, and end with the JVM that started them, however it
 * ends. {@link org.beamtemplates.services.TcpGate} takes a service away from its clients and gives
 * it back. {@link org.beamtemplates.services.KafkaExtension}, {@link
 * org.beamtemplates.services.SchemaRegistryExtension} and {@link
 * org.beamtemplates.services.PostgresExtension} share one instance among all tests of a run.
 *
 * <p>This package knows no transform and no template, and is not for production: there is one
 * replica of everything and no authentication.
 */
package org.beamtemplates.services;
