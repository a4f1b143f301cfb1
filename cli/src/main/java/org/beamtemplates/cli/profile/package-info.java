/** Profiles of a job: what its JVM is started with for that, and what runs in it at the end. */
package org.beamtemplates.cli.profile;
