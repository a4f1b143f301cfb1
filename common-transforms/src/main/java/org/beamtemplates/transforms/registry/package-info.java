/**
 * A client of schema registries that speak Confluent's REST API: schemas by id, registration, and
 * patience while the registry is away.
 */
package org.beamtemplates.transforms.registry;
