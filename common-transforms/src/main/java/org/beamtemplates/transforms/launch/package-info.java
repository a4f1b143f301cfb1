/**
 * From a command line to a running job: what a template is, the check of all options at once, the
 * launch, and what the chosen runner can do.
 */
package org.beamtemplates.transforms.launch;
