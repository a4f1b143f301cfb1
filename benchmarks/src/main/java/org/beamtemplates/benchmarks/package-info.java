/** What things cost, as ratios to a peer in the same run. */
package org.beamtemplates.benchmarks;
