/** Aggregates that are ready to use, and that compose: one pass over the elements for all of them. */
package org.beamtemplates.transforms.aggregate.fn;
