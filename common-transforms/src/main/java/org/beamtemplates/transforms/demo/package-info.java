/**
 * What a template needs so that it can be shown at work: traffic that is like the real one, broken,
 * late and duplicate records included, and a ledger of what was sent, by which every number of the
 * job can be checked.
 */
package org.beamtemplates.transforms.demo;
