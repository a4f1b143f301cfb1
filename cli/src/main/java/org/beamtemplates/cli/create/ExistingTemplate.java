package org.beamtemplates.cli.create;

/**
 * A template of this checkout.
 *
 * @param name its name
 * @param packageName the package of its main class
 * @param summary what it does, in a line
 */
public record ExistingTemplate(String name, String packageName, String summary) {

  Identity identity() {
    return new Identity(Name.of(name), packageName);
  }
}
