/** The {@code ./templates} command: lists, describes, runs templates and compares their results. */
package org.beamtemplates.cli;
