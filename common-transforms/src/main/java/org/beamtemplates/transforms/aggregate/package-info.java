/**
 * Aggregation by key in event-time windows that gives late records back instead of dropping them,
 * and deduplication in event time.
 */
package org.beamtemplates.transforms.aggregate;
