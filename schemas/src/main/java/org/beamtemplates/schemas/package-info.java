/**
 * The contracts of the pipelines: events, results and dead letters as Avro records.
 *
 * <p>The classes are generated from {@code src/main/avro}. Every released version of a schema lies
 * in {@code schemas/baseline}; a test holds the current schemas against all of them, in both
 * directions, so that data written by any version can be read by any other.
 */
package org.beamtemplates.schemas;
