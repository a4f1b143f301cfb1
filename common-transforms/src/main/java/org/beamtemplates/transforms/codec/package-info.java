/**
 * From bytes to values and back: Avro in the Confluent wire format, JSON held against a schema, and
 * the interfaces to add a format of one's own.
 */
package org.beamtemplates.transforms.codec;
