/** New templates from existing ones: a module of this repository, or a project of its own. */
package org.beamtemplates.cli.create;
