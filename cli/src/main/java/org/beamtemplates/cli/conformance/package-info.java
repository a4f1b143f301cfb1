/** {@code ./templates conformance}: the table of what runs on which runner, from test results. */
package org.beamtemplates.cli.conformance;
