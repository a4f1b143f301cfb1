package org.beamtemplates.cli.create;

/**
 * A config to launch with.
 *
 * @param name its name
 * @param runner folder of its runner in {@code runner-configs}
 * @param summary what it is, in a line
 */
public record LaunchConfig(String name, String runner, String summary) {}
