/**
 * {@code ./templates deadletters}: looks after dead letters in a topic or in files: what there is,
 * what one of them says, copies of them, and their replay.
 */
package org.beamtemplates.cli.deadletters;
