/**
 * Native Flink: DataStream jobs as they are written by hand, with the settings of somebody who
 * knows Flink. {@link org.beamtemplates.benchmarks.speed.flink.FlinkEngine} uses what Flink offers;
 * {@link org.beamtemplates.benchmarks.speed.flink.LocalFlinkEngine} combines before the shuffle
 * with operators of its own, as the library does.
 */
package org.beamtemplates.benchmarks.speed.flink;
