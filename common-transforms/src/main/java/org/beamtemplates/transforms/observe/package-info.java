/**
 * What a pipeline says of itself: for every stage, how many records went in and what became of
 * each.
 */
package org.beamtemplates.transforms.observe;
