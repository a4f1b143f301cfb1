/** What templates need to know of Dataflow, and what a launch there needs. */
package org.beamtemplates.runners.dataflow;
