/**
 * Dead letters: records that a pipeline could not process, in one envelope, collected from every
 * stage and written to one place.
 */
package org.beamtemplates.transforms.deadletter;
