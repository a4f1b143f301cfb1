/** What templates need to know of Spark. */
package org.beamtemplates.runners.spark;
