/**
 * Writing results: to Kafka and to files. Each transform names its guarantee; what can never be
 * written becomes a dead letter.
 */
package org.beamtemplates.transforms.deliver;
