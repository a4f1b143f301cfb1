/** The template at work: page events of a shop, and where to look at their statistics. */
package org.beamtemplates.pipelines.realtimeanalytics.demo;
