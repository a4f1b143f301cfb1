/** The template realtime-analytics, written by hand for Flink. */
package org.beamtemplates.benchmarks.analytics;
