package org.beamtemplates.cli.deadletters;

import org.beamtemplates.schemas.DeadLetter;

/**
 * A dead letter, and where it lies itself.
 *
 * @param letter the dead letter
 * @param place topic-partition@offset or file#number
 */
record Found(DeadLetter letter, String place) {}
