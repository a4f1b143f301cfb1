/**
 * Looks at what this machine has and the project needs, and says what to do about what is not
 * there.
 */
package org.beamtemplates.cli.doctor;
