/**
 * What the Flink runner can do, for the launch, and a job of it that can be watched and stopped.
 */
package org.beamtemplates.runners.flink;
