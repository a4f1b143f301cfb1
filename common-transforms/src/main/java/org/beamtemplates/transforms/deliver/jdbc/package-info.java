/**
 * Writing results to PostgreSQL: rows that are inserted or updated by a deterministic key, so that
 * what is written twice is there once. Needs the driver {@code org.postgresql:postgresql}, an
 * optional dependency of this library.
 */
package org.beamtemplates.transforms.deliver.jdbc;
