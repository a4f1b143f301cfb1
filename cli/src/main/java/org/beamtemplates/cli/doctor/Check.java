package org.beamtemplates.cli.doctor;

/** Looks at one thing. */
interface Check {

  Finding look();
}
