/**
 * The workloads with Kafka Streams, as one who knows it well writes them: the topic is keyed by
 * card, so nothing is repartitioned; aggregates are a few bytes; stores have caches and changelogs.
 */
package org.beamtemplates.benchmarks.speed.streams;
