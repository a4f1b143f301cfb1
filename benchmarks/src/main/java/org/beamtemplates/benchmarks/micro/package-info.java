/**
 * What single steps cost, each beside a peer in the same run: methods {@code library…} and {@code
 * peer…} of a class do the same.
 */
package org.beamtemplates.benchmarks.micro;
