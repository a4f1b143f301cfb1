/** Joins elements with what else is known: slowly changing tables, and other streams. */
package org.beamtemplates.transforms.enrich;
