/** Waiting for a service that is away: how long, how often, and what is said meanwhile. */
package org.beamtemplates.transforms.retry;
