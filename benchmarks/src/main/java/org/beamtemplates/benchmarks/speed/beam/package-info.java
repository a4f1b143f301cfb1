/** The library on embedded Flink, with the shipped options, as the author of a template uses it. */
package org.beamtemplates.benchmarks.speed.beam;
