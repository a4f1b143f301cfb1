/**
 * Whether a new version of a job can go on from the state of the old one: the graph as the text
 * that state is found by, and its comparison.
 */
package org.beamtemplates.transforms.upgrade;
