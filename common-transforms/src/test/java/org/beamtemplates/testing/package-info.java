/**
 * What tests of transforms and templates need: streams told as stories, checks of panes, dead
 * letters and accounting, golden files, graph snapshots, launches. The guide is docs/testing.md.
 */
package org.beamtemplates.testing;
