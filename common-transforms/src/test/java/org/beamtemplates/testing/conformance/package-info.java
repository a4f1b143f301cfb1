/**
 * What each runner can do, told by the tests that ran on it: {@link
 * org.beamtemplates.testing.conformance.Conforms} names what a test proves.
 */
package org.beamtemplates.testing.conformance;
