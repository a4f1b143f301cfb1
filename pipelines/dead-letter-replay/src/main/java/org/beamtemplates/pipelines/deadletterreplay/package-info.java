/** Dead letters back to where they came from, each once. */
package org.beamtemplates.pipelines.deadletterreplay;
