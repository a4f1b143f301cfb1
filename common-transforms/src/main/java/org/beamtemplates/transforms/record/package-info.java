/**
 * What travels through a pipeline: raw bytes with their coordinates, and decoded values that still
 * know where they came from.
 */
package org.beamtemplates.transforms.record;
