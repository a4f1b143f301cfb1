/**
 * Comparison of what a pipeline wrote with what it should have written: JSON lines against a golden
 * file, whatever their order and however many files they are in.
 */
package org.beamtemplates.transforms.golden;
