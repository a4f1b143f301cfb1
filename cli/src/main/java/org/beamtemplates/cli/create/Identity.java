package org.beamtemplates.cli.create;

/**
 * What tells a template from others.
 *
 * @param name its name
 * @param packageName its Java package, which holds all its classes
 */
record Identity(Name name, String packageName) {

  String packagePath() {
    return packageName.replace('.', '/');
  }

  /** Returns the folder of its module, from the root of the repository. */
  String module() {
    return "pipelines/" + name.dashed();
  }
}
