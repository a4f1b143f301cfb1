/** What Beam's Direct runner can do, for the launch. */
package org.beamtemplates.runners.direct;
