/**
 * What ingestion, delivery and dead letters share about Kafka and files: safe settings, checks
 * before a launch, files written in panes.
 */
package org.beamtemplates.transforms.io;
