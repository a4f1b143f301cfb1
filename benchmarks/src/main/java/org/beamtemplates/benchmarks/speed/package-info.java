/**
 * The same work on the same bytes by several engines, and what it costs each of them.
 *
 * <p>{@link org.beamtemplates.benchmarks.speed.Workload} says what the work is; {@link
 * org.beamtemplates.benchmarks.speed.PlainLoop} does it in the plainest way and so tells what the
 * results must be.
 */
package org.beamtemplates.benchmarks.speed;
