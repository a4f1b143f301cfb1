/** How the cost of a record changes with parallelism, the number of keys, skew and state. */
package org.beamtemplates.benchmarks.scaling;
