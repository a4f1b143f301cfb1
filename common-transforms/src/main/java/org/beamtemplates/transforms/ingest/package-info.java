/**
 * Reading records from Kafka and from files: bytes with coordinates, guarded decoding, explicit
 * event time, a watermark that neither runs away nor stands still.
 */
package org.beamtemplates.transforms.ingest;
