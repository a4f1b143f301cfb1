/**
 * {@code ./templates demo}: a template at work on real services, with traffic that is like the real
 * one, and the proof that every record is accounted for.
 */
package org.beamtemplates.cli.demo;
