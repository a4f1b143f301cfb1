/** Real-time analytics: page events in, statistics per window, category and country out. */
package org.beamtemplates.pipelines.realtimeanalytics;
