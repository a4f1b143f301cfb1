/** State by the key as a pure function, with an expiry in event time. */
package org.beamtemplates.transforms.state;
